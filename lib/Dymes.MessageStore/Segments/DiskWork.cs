using Dymes.Common;

namespace Dymes.MessageStore.Segments;

/// <summary>Something for the disk thread to do, in its turn.</summary>
internal abstract class DiskWork
{
    /// <summary>The changes of the log that are durable once it is done: see <see cref="DurableWrite.Write"/>.</summary>
    public ulong Write { get; set; }

    /// <summary>The last op of the log once it is done.</summary>
    public ulong LastOp { get; set; }

    /// <summary>The end of the log once it is done.</summary>
    public Lsn EndLsn { get; set; }
}
