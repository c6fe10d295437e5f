using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// VRR 4.3, changed: how a replica becomes one of the group, for the first time or after it lost what it may have promised. It then asks the others; each answers with its view in
/// whatever status, and since every quorum that the replica was in has one of <see cref="ReplicaIdentity.RecoveryQuorum"/> others, the highest of these views is at least the highest
/// that it may have promised something in. It takes over the log of that view or a later one from its primary, as of after its question. It asks twice: the first time which
/// <see cref="Incarnations"/> it had, the second time under a new number, which the others write down before they answer.
/// </summary>
internal sealed class Recovering(ReplicaCore core, Adoption adoption)
{
    private readonly Standing?[] _standings = new Standing?[core.Identity.ReplicaCount];
    private readonly Incarnations?[] _incarnations = new Incarnations?[core.Identity.ReplicaCount];
    private readonly Recover?[] _questions = new Recover?[core.Identity.ReplicaCount];
    private ulong _nonce;
    private uint _incarnation;
    private ulong _resendAt;
    private ViewNumber _floor;
    private bool _hasTailToCut;
    private bool _hasAskedForLog;

    /// <summary>How far this replica is one of the group.</summary>
    public Standing Standing { get; private set; }

    /// <summary>All replicas have written down that the group begins with them.</summary>
    public bool HasFormed { get; private set; }

    // A replica that recovers was a member once.
    private bool KnowsOfMembers => Count(Standing.Member) + Count(Standing.Recovering) > 0;

    private bool HasHeardEnough => Standing == Standing.Recovering && Count(Standing.Member) >= core.Identity.RecoveryQuorum;

    // Enough others have written the new number down, and the damaged end is on its way off the disk: the log may be taken from a primary of the highest view or a later one.
    private bool MayTakeLog => HasHeardEnough && _incarnation > 0 && !_hasTailToCut;

    public void Begin(DiskCondition disk)
    {
        _floor = core.View;
        Standing = (disk, core.State.Durable) switch
        {
            (DiskCondition.Blank, _) => Standing.Blank,
            (DiskCondition.Damaged, _) or (_, { IsRecovering: true }) => Standing.Recovering,
            (_, { View.Value: 0 }) when core.Log.LastOp == 0 => Standing.Forming,
            _ => Standing.Member,
        };
        _hasTailToCut = disk == DiskCondition.Damaged;
        if (Standing == Standing.Recovering)
        {
            core.Persist(isRecovering: true); // before the tail is cut: after a crash nothing else would tell that it was there
        }

        Ask();
    }

    public void OnRecovery(Recover message)
    {
        if (message.Standing == Standing.Forming && Standing == Standing.Forming)
        {
            _standings[message.From.Value] = Standing.Forming;
        }

        if (Standing == Standing.Member && message.Incarnation > core.Incarnations[message.From])
        {
            core.Learn(core.Incarnations.With(message.From, message.Incarnation));
            core.Persist(isRecovering: false);
        }

        _questions[message.From.Value] = message;
        Answer();
    }

    /// <summary>
    /// Answers what may be answered. What is on disk is what others may rely on: a view that is only about to be written down may be forgotten, and a member answers a new number when it
    /// has that on disk.
    /// </summary>
    public void Answer()
    {
        foreach (ref var question in _questions.AsSpan())
        {
            var known = core.State.Durable?.Incarnations ?? Incarnations.None;
            if (question is not null && (Standing != Standing.Member || known[question.From] >= question.Incarnation))
            {
                core.Send(question.From, new RecoverReply(core.Envelope with { View = core.State.Durable?.View ?? default }, question.Nonce, Standing, known));
                question = null;
            }
        }
    }

    public void OnReply(RecoverReply message)
    {
        if (Standing == Standing.Member || message.Nonce != _nonce)
        {
            return;
        }

        for (byte i = 0; i < _incarnations.Length; i++)
        {
            if (_incarnations[i] is not { } known)
            {
                continue;
            }

            if (known[message.From] > message.Incarnations[message.From])
            {
                return; // the sender has forgotten since what it said
            }

            if (message.Incarnations[new ReplicaNumber(i)] > known[new ReplicaNumber(i)])
            {
                (_standings[i], _incarnations[i]) = (null, null);
            }
        }

        (_standings[message.From.Value], _incarnations[message.From.Value]) = (message.Standing, message.Incarnations);
        core.Learn(message.Incarnations);
        _floor = message.View > _floor ? message.View : _floor;
    }

    /// <summary>Whether the log of a primary may be taken over: it was sent after this replica asked, in a view that is not older than what it may have promised.</summary>
    public bool Accepts(StartView message) =>
        MayTakeLog && message.Nonce == _nonce && message.View >= _floor && (!adoption.IsActive || message.View > core.View);

    /// <summary>After each input: the next thing that may be done.</summary>
    public void GoOn()
    {
        var isWritten = core.State.Durable is not null;
        if (_hasTailToCut && core.State.Durable is { IsRecovering: true })
        {
            _hasTailToCut = false;
            core.Log.TruncateAfter(core.Log.LastOp, core.Now);
        }

        if (Standing == Standing.Blank && isWritten)
        {
            Standing = Standing.Forming;
            Ask();
        }
        else if (Standing == Standing.Blank)
        {
            LeaveBlank();
        }

        if (Standing == Standing.Forming && KnowsOfMembers)
        {
            Standing = Standing.Member; // the group goes on already, and this replica lost nothing
        }
        else if (Standing == Standing.Forming && Count(Standing.Forming) == core.Identity.ReplicaCount - 1)
        {
            Standing = Standing.Member;
            HasFormed = true;
        }

        if (HasHeardEnough && _incarnation == 0)
        {
            BeginIncarnation();
        }

        if (MayTakeLog && !_hasAskedForLog)
        {
            AskForLog();
        }
    }

    /// <summary>The log of a view is this replica's again.</summary>
    public void End() => Standing = Standing.Member;

    public void Tick()
    {
        if (Standing == Standing.Member || core.Now < _resendAt)
        {
            return;
        }

        AskAgain();
        if (MayTakeLog)
        {
            AskForLog(); // also while it fetches: the primary may be another by now
        }
    }

    private void LeaveBlank()
    {
        if (KnowsOfMembers)
        {
            Standing = Standing.Recovering;
            core.Persist(isRecovering: true);
            Ask();
        }
        else if (Count(Standing.Blank) + Count(Standing.Forming) == core.Identity.ReplicaCount - 1)
        {
            core.Persist(isRecovering: false);
        }
    }

    // A quorum of members knows every number that this replica ever was a member with.
    private void BeginIncarnation()
    {
        _incarnation = checked(core.Incarnations[core.Self] + 1);
        core.Learn(core.Incarnations.With(core.Self, _incarnation));
        core.Persist(isRecovering: true);
        Ask();
    }

    private void AskForLog()
    {
        _hasAskedForLog = true;
        core.Broadcast(new GetStartView(core.Envelope, _nonce));
    }

    private void Ask()
    {
        _nonce = core.Random.Next() | 1;
        Array.Clear(_standings);
        Array.Clear(_incarnations);
        AskAgain();
    }

    private void AskAgain()
    {
        _resendAt = core.Now + (ulong)core.Settings.ResendMilliseconds;
        if (Standing != Standing.Member)
        {
            core.Broadcast(new Recover(core.Envelope with { View = _floor }, _nonce, _incarnation, Standing));
        }
    }

    private int Count(Standing standing)
    {
        var count = 0;
        foreach (var known in _standings)
        {
            count += known == standing ? 1 : 0;
        }

        return count;
    }
}
