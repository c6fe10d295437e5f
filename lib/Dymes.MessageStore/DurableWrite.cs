using Dymes.Common;

namespace Dymes.MessageStore;

/// <summary>What a flush made durable.</summary>
/// <param name="Write">The number of the last change of the log that is durable, and with it all before. Changes are counted from 1 since the store was opened: entries and truncations.</param>
/// <param name="LastOp">The last op of the log as of that change.</param>
/// <param name="End">The end of the log as of that change.</param>
/// <param name="Bytes">The bytes that were written.</param>
/// <param name="Elapsed">How long writing and flushing took.</param>
public readonly record struct DurableWrite(ulong Write, ulong LastOp, Lsn End, int Bytes, TimeSpan Elapsed);
