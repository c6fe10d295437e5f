using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.Testing.Contract;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests;

/// <summary>The engine on real files keeps the contract.</summary>
public sealed class DymesEngineContract : MessageLogContract
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "dymes-" + Guid.NewGuid().ToString("N"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override ValueTask<IMessageLog> OpenAsync(TimeProvider clock) => ValueTask.FromResult<IMessageLog>(
        EngineFixture.Open(OsFileSystem.Instance, clock, new StoreOptions { Directory = _directory, ReserveBytes = 0 }));
}

/// <summary>The engine with a segment boundary every few messages keeps the contract.</summary>
public sealed class DymesEngineTinySegmentsContract : MessageLogContract
{
    protected override ValueTask<IMessageLog> OpenAsync(TimeProvider clock) =>
        ValueTask.FromResult<IMessageLog>(EngineFixture.Open(new SimulatedFileSystem(), clock, EngineFixture.TinySegments(3)));
}
