namespace Dymes.Membership.Quorum.Register;

/// <summary>
/// How an acceptor without a memory finds out what it may have promised and accepted before it answers anybody: on its first start, or on a new disk. A majority of those that have a memory, itself
/// not counted, shares one with every majority that it was part of; so the greatest ballots among them bind it to all that it has forgotten.
/// </summary>
/// <param name="count">How many acceptors there are.</param>
internal sealed class Rejoining(int count)
{
    private readonly HashSet<int> _members = [];
    private readonly HashSet<int> _blank = [];

    /// <summary>What it remembers from now on.</summary>
    public AcceptorState State { get; private set; } = AcceptorState.Empty;

    /// <summary>Hears another acceptor; null: it has no memory either.</summary>
    public void Hear(int acceptor, AcceptorState? state)
    {
        if (state is null)
        {
            _blank.Add(acceptor);
            return;
        }

        _blank.Remove(acceptor);
        _members.Add(acceptor);
        var promised = state.Promised > State.Promised ? state.Promised : State.Promised;
        State = (state.Accepted > State.Accepted ? state : State) with { Promised = promised };
    }

    /// <summary>Whether it may take part: a majority remembers, or all are heard, and nobody knows more.</summary>
    /// <param name="hasRested">
    /// Whether all attempts that may count on a promise of its former life are over. Where all others are heard, and remember or have never promised anything, none is missed: who proposes promises first.
    /// </param>
    /// <param name="isPatienceOver">
    /// Whether it has waited long for those that have not answered. Then a majority with nothing to remember is taken for a cluster that starts for the first time, one silo still missing.
    /// </param>
    public bool IsDone(bool hasRested, bool isPatienceOver)
    {
        var heard = _members.Count + _blank.Count;
        var areAllHeard = heard == count - 1;
        var isEnough = _members.Count > count / 2
            || areAllHeard
            || (isPatienceOver && heard + 1 > count / 2 && State.Accepted == Ballot.None);
        var isNoneMissed = areAllHeard && (_blank.Count == 0 || State.Promised == Ballot.None);
        return isEnough && (hasRested || isNoneMissed);
    }
}
