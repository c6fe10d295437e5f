using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>
/// What became of one message of a request. Where several would fit, the first of this order counts: the request's idempotency key, the message's id, its
/// channel's version, its parent.
/// </summary>
public enum AppendOutcome
{
    /// <summary>It is in the log, and durable.</summary>
    Appended = 0,

    /// <summary>It was in the log before: the same id with the same content, or the same idempotency key. The receipt is that of the first time.</summary>
    Replayed = 1,

    /// <summary>Refused: its channel has another version; the receipt's <see cref="AppendReceipt.ChannelVersion"/> tells which.</summary>
    VersionMismatch = 2,

    /// <summary>Refused: its id belongs to a message with other content.</summary>
    IdConflict = 3,

    /// <summary>Refused: the message that it follows from is not in the log.</summary>
    ParentMissing = 4,

    /// <summary>Refused: the idempotency key was used with other content.</summary>
    IdempotencyMismatch = 5,

    /// <summary>Not run: another message of the same atomic request was refused.</summary>
    Aborted = 6,
}

/// <summary>The answer to one message.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Id">Its id; none where it was refused without one.</param>
/// <param name="Lsn">Its position, where it is in the log; else 0.</param>
/// <param name="ChannelVersion">How many messages its channel holds up to and with it; where refused for its version, how many it holds; else 0.</param>
public readonly record struct AppendReceipt(AppendOutcome Outcome, MessageId Id, Lsn Lsn, ulong ChannelVersion)
{
    /// <summary>Whether the message is in the log.</summary>
    public bool IsStored => Outcome is AppendOutcome.Appended or AppendOutcome.Replayed;
}

/// <summary>The answer to a request: one receipt a message, in the request's order.</summary>
public sealed class AppendResult(AppendReceipt[] receipts)
{
    /// <summary>The receipts.</summary>
    public IReadOnlyList<AppendReceipt> Receipts => receipts;

    /// <summary>The receipt of the first message.</summary>
    public AppendReceipt First => receipts[0];

    /// <summary>The receipts as a span.</summary>
    public ReadOnlySpan<AppendReceipt> AsSpan() => receipts;
}
