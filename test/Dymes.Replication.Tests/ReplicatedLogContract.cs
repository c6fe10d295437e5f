using Dymes.Message.Log;
using Dymes.Testing.Contract;

namespace Dymes.Replication.Tests;

/// <summary>A group keeps the contract of a log, asked through its primary.</summary>
public sealed class ReplicatedLogPrimaryContract : MessageLogContract
{
    private TestGroup? _group;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _group!.DisposeAsync();
    }

    protected override async ValueTask<IMessageLog> OpenAsync(TimeProvider clock)
    {
        _group = await TestGroup.StartAsync(3, clock);
        return _group[_group.Primary];
    }
}

/// <summary>A group keeps the contract of a log, asked through a member that is not its primary, with segments of three messages.</summary>
public sealed class ReplicatedLogBackupContract : MessageLogContract
{
    private TestGroup? _group;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _group!.DisposeAsync();
    }

    protected override async ValueTask<IMessageLog> OpenAsync(TimeProvider clock)
    {
        _group = await TestGroup.StartAsync(3, clock, segmentMessages: 3);
        return _group[(_group.Primary + 1) % 3];
    }
}
