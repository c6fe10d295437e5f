namespace Dymes.Vsr.Messages;

/// <summary>Asks whether the others miss the primary too. Nobody's state changes.</summary>
/// <param name="Envelope">The view that the sender is in.</param>
/// <param name="Candidate">The view that it would go to.</param>
public sealed record PreVote(Envelope Envelope, ViewNumber Candidate) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.PreVote;
}

/// <summary>Answers <see cref="PreVote"/>.</summary>
/// <param name="Envelope">The view that the sender is in.</param>
/// <param name="Candidate">As asked.</param>
/// <param name="IsGranted">False where the sender has heard from a primary lately, or is in that view or a later one.</param>
public sealed record PreVoteReply(Envelope Envelope, ViewNumber Candidate, bool IsGranted) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.PreVoteReply;
}

/// <summary>VRR 4.2, to all: the sender has left all older views. On its disk before it is sent.</summary>
/// <param name="Envelope">The new view.</param>
public sealed record StartViewChange(Envelope Envelope) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.StartViewChange;
}

/// <summary>VRR 4.2, to the primary of the new view: the sender's log, by its checksums.</summary>
/// <param name="Envelope">The new view.</param>
/// <param name="LogView">The newest view in which the sender was normal: the newest such log is taken.</param>
/// <param name="Incarnations">What the sender knows of all replicas' losses, its own included: a log that was sent before its sender's last loss does not count.</param>
/// <param name="Suffix">The log from an op on that the sender knows to be committed.</param>
public sealed record DoViewChange(Envelope Envelope, ViewNumber LogView, Incarnations Incarnations, LogSuffix Suffix) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.DoViewChange;
}

/// <summary>VRR 4.2, primary of a view to the others: its log, by its checksums. They take it over, and fetch what they lack.</summary>
/// <param name="Envelope">The new view.</param>
/// <param name="Suffix">The log from an op on that is committed.</param>
/// <param name="Nonce">That of the <see cref="GetStartView"/> that it answers; 0 where it answers none.</param>
public sealed record StartView(Envelope Envelope, LogSuffix Suffix, ulong Nonce) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.StartView;
}

/// <summary>Asks the primary of a view for <see cref="StartView"/>: the sender missed it, or recovers.</summary>
/// <param name="Envelope">The view that the sender is in.</param>
/// <param name="Nonce">Comes back with the answer, which is then known to be newer than the question; 0 where that does not matter.</param>
public sealed record GetStartView(Envelope Envelope, ulong Nonce) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.GetStartView;
}
