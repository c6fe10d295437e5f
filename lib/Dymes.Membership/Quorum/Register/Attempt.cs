using Dymes.Membership.Tables;

namespace Dymes.Membership.Quorum.Register;

/// <summary>
/// One attempt to change the register (CASPaxos: Rystsov 2018). A majority promises to take nothing older and tells what it has; the newest of that is changed; a majority accepts the result.
/// A change that does not apply to what is found is answered only when that is confirmed, in the same way. Given answers in any order, repeated or not at all.
/// </summary>
/// <param name="ballot">The attempt's number; its replica is who proposes.</param>
/// <param name="stamp">The change's stamp, the same in all its attempts.</param>
/// <param name="count">How many acceptors there are.</param>
/// <param name="empty">What a register holds that was never written.</param>
/// <param name="change">Makes the new table of the newest one; null: it does not apply.</param>
internal sealed class Attempt(Ballot ballot, long stamp, int count, RegisterContent empty, Func<MemberTable, MemberTable?> change)
{
    private readonly HashSet<int> _promised = [];
    private readonly HashSet<int> _accepted = [];
    private readonly HashSet<int> _refused = [];
    private AcceptorState _newest = AcceptorState.Empty;
    private Ballot _greater = Ballot.None;

    /// <summary>What acceptors are asked to accept, once a majority has promised.</summary>
    public RegisterContent? Proposal { get; private set; }

    /// <summary>Whether the change is part of the proposal.</summary>
    public bool IsApplied { get; private set; }

    /// <summary>Whether a majority has accepted: what was proposed is what the register holds.</summary>
    public bool IsChosen => _accepted.Count >= Majority;

    /// <summary>Whether so many have promised a greater ballot to others that there is no majority left.</summary>
    public bool IsOvertaken => _refused.Count > count - Majority;

    /// <summary>The greatest ballot that was seen: the next attempt must be above.</summary>
    public Ballot Highest => _greater > ballot ? _greater : ballot;

    private int Majority => (count / 2) + 1;

    /// <summary>Hears an acceptor's answer to the request to promise.</summary>
    public void HearPromise(int acceptor, AcceptorState state)
    {
        if (Proposal is not null || !IsFor(state.Promised, acceptor) || !_promised.Add(acceptor))
        {
            return;
        }

        _newest = state.Accepted > _newest.Accepted ? state : _newest;
        if (_promised.Count >= Majority)
        {
            Propose();
        }
    }

    /// <summary>Hears an acceptor's answer to the request to accept.</summary>
    public void HearAcceptance(int acceptor, AcceptorState state)
    {
        if (IsFor(state.Promised, acceptor) && state.Accepted == ballot)
        {
            _accepted.Add(acceptor);
        }
    }

    private bool IsFor(Ballot promised, int acceptor)
    {
        _greater = promised > _greater ? promised : _greater;
        if (promised > ballot)
        {
            _refused.Add(acceptor);
        }

        return promised == ballot;
    }

    // An earlier attempt may have been carried on by another proposer; a change that was made must not be made again, nor be told to have failed.
    private void Propose()
    {
        var current = _newest.Content ?? empty;
        var changed = current.Knows(ballot.Replica, stamp) ? null : change(current.Table);
        IsApplied = changed is not null || current.Knows(ballot.Replica, stamp);
        Proposal = changed is null ? current : current.With(changed, ballot.Replica, stamp);
    }
}
