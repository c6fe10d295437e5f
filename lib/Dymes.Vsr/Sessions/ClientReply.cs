namespace Dymes.Vsr.Sessions;

/// <summary>How a request ended.</summary>
public enum ReplyOutcome : byte
{
    /// <summary>It is in the log, once, at a majority.</summary>
    Done,

    /// <summary>This replica is not the primary. It has not run this copy of the request; ask again elsewhere, with the same number.</summary>
    NotPrimary,

    /// <summary>More requests wait than may wait. This one was not run; ask again later.</summary>
    Busy,

    /// <summary>The session is not known: it was never begun, or others took its place. Whether the request was run is not known any more. Register anew.</summary>
    SessionUnknown,

    /// <summary>The number is not the next one of the session. The request was not run.</summary>
    OutOfOrder,

    /// <summary>The body is larger than <see cref="VsrLimits.RequestBytesMax"/>. The request was not run.</summary>
    TooLarge,

    /// <summary>No majority has room for it on its disks. It is not in the log, and this copy of it was not run.</summary>
    DiskFull,
}

/// <summary>An answer to a client.</summary>
/// <param name="Client">The client.</param>
/// <param name="Number">The number of the request.</param>
/// <param name="Outcome">How the request ended.</param>
public sealed record ClientReply(ClientId Client, ulong Number, ReplyOutcome Outcome)
{
    /// <summary>The client's session, where the outcome is <see cref="ReplyOutcome.Done"/>.</summary>
    public ulong Session { get; init; }

    /// <summary>The entry that holds the request, where the outcome is <see cref="ReplyOutcome.Done"/>.</summary>
    public ulong Op { get; init; }

    /// <summary>The state machine's answer, where the outcome is <see cref="ReplyOutcome.Done"/>; empty for a registration.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The view of the replica that answers: its primary is the one to ask.</summary>
    public ViewNumber View { get; init; }
}
