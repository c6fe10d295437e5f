using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// Before a replica leaves its view it asks the others whether they miss the primary too: one that comes back from a partition does not depose a primary that works.
/// (Not in VRR; Ongaro 2014, 9.6.) Nobody's state changes, so that nothing has to be on disk.
/// </summary>
internal sealed class PreVoting(ReplicaCore core, Suspicion suspicion)
{
    private ReplicaSet _grants;
    private ViewNumber _highest;
    private bool _isAsking;

    /// <summary>The view that is asked for.</summary>
    public ViewNumber Candidate { get; private set; }

    public bool HasWon => _isAsking && Candidate > core.View && _grants.Count >= core.Identity.Quorum;

    public void Ask()
    {
        _isAsking = true;
        Candidate = (_highest > core.View ? _highest : core.View).Next;
        _grants.Clear();
        _grants.Add(core.Self);
        core.Broadcast(new PreVote(core.Envelope, Candidate));
    }

    /// <summary>The primary was heard, or the view is another.</summary>
    public void End() => _isAsking = false;

    public void OnPreVote(PreVote message)
    {
        if (core.Status is not (ReplicaStatus.Normal or ReplicaStatus.ViewChange))
        {
            return;
        }

        var isGranted = message.Candidate > core.View && !suspicion.HasHeardLately && !core.IsNormalPrimary;
        core.Send(message.From, new PreVoteReply(core.Envelope, message.Candidate, isGranted));
    }

    public void OnReply(PreVoteReply message)
    {
        _highest = message.View > _highest ? message.View : _highest;
        if (_isAsking && message.Candidate == Candidate && message.IsGranted)
        {
            _grants.Add(message.From);
        }
    }
}
