namespace Dymes.Membership.Quorum.Register;

/// <summary>
/// What an acceptor must never forget. It is durable before anybody is told of it, and it is the answer to every request: who asked finds in it whether it was promised or accepted what it
/// wanted, and by whom it was overtaken if not.
/// </summary>
/// <param name="Promised">It takes nothing of attempts below this one.</param>
/// <param name="Accepted">The attempt whose content it has; <see cref="Ballot.None"/>: it has none.</param>
/// <param name="Content">The content; null where there is none.</param>
internal sealed record AcceptorState(Ballot Promised, Ballot Accepted, RegisterContent? Content)
{
    /// <summary>Of an acceptor that has taken part in nothing.</summary>
    public static AcceptorState Empty { get; } = new(Ballot.None, Ballot.None, null);

    /// <summary>CASPaxos, phase 1: what it has accepted is the promise's answer.</summary>
    public AcceptorState Promise(Ballot ballot) => ballot > Promised ? this with { Promised = ballot } : this;

    /// <summary>CASPaxos, phase 2.</summary>
    public AcceptorState Accept(Ballot ballot, RegisterContent content) => ballot >= Promised && ballot > Accepted ? new(ballot, ballot, content) : this;
}
