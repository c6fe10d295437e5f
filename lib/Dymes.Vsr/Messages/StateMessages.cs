using Dymes.Vsr.Protocol;

namespace Dymes.Vsr.Messages;

/// <summary>VRR 5.2: asks for entries.</summary>
/// <param name="Envelope">The view that the sender is in; only a replica in the same view answers.</param>
/// <param name="Number">Comes back with the answer.</param>
/// <param name="FromOp">The first entry that is missing.</param>
/// <param name="ToOp">The last one that is known to be missing.</param>
public sealed record GetState(Envelope Envelope, ulong Number, ulong FromOp, ulong ToOp) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.GetState;
}

/// <summary>VRR 5.2: entries, back to back, as many as fit. None where the sender does not have the first.</summary>
/// <param name="Envelope">The view that the sender is in.</param>
/// <param name="Number">As asked.</param>
/// <param name="CommitOp">Entries up to here are committed; they are final whatever view they are from.</param>
/// <param name="LogView">The view whose log the sender has: where it is that of the envelope, the others are entries of that view's log.</param>
/// <param name="Entries">The entries, from the first that was asked for on.</param>
public sealed record NewState(Envelope Envelope, ulong Number, ulong CommitOp, ViewNumber LogView, IReadOnlyList<LogEntry> Entries) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.NewState;

    /// <summary>Whether it brings an entry whose place is there already: what is damaged is asked for with numbers of its own.</summary>
    public bool IsRepair => Number >= Repair.FirstNumber;
}
