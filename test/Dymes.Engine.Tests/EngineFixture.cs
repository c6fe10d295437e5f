using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;

namespace Dymes.Engine.Tests;

/// <summary>Engines for tests.</summary>
internal static class EngineFixture
{
    public const string Directory = "/data/default";

    /// <summary>So few messages a segment that every workload crosses many boundaries.</summary>
    public static StoreOptions TinySegments(int messages = 5) => new() { Directory = Directory, SegmentMessagesMax = messages, SegmentBytesMax = 64 << 10, ReserveBytes = 0 };

    public static DymesEngine Open(IFileSystem files, TimeProvider clock, StoreOptions? store = null) =>
        DymesEngine.Open(new EngineOptions { Store = store ?? TinySegments() }, files, clock);

    /// <summary>Opens an engine on a disk, and closes and opens it again on the same one.</summary>
    public static async ValueTask<IMessageLog> ReopenAsync(IMessageLog log, IFileSystem files, TimeProvider clock, StoreOptions? store = null)
    {
        await ((DymesEngine)log).DisposeAsync();
        return Open(files, clock, store);
    }
}
