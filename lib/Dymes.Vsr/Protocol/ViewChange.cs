using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// VRR 4.2: the replicas leave a view, and the primary of the next takes over the newest of their logs. A replica writes down that it has left before it says so, so that it
/// acknowledges nothing in an older view, not even after a crash.
/// </summary>
internal sealed class ViewChange(ReplicaCore core, Adoption adoption)
{
    private readonly DoViewChange?[] _logs = new DoViewChange?[core.Identity.ReplicaCount];
    private ReplicaSet _left;
    private int _logCount;
    private bool _hasSaid;
    private bool _hasSentLog;
    private ulong _resendAt;

    // The replica's part ends once it follows the log of the view, be it the primary's or its own.
    private bool IsUnderWay => core.Status == ReplicaStatus.ViewChange && core.LogView < core.View && !adoption.IsActive;

    /// <summary>The replica has gone to a view.</summary>
    public void Begin()
    {
        Array.Clear(_logs);
        _logCount = 0;
        _left.Clear();
        _hasSaid = false;
        _hasSentLog = false;
        if (core.LogView < core.View)
        {
            core.Persist(isRecovering: false);
        }
    }

    public void OnStartViewChange(StartViewChange message) => _left.Add(message.From);

    public void OnDoViewChange(DoViewChange message)
    {
        _left.Add(message.From);
        if (core.Primary == core.Self)
        {
            Take(message);
        }
    }

    /// <summary>After each input: the next thing that may be done.</summary>
    public void GoOn()
    {
        if (!IsUnderWay || core.State.Durable!.View < core.View)
        {
            return;
        }

        if (!_hasSaid)
        {
            _hasSaid = true;
            _left.Add(core.Self);
            Say();
        }

        if (!_hasSentLog && _left.Count >= core.Identity.Quorum)
        {
            _hasSentLog = true;
            SendLog();
        }

        if (_logCount >= core.Identity.Quorum && _logs[core.Self.Value] is not null)
        {
            TakeBest();
        }
    }

    public void Tick()
    {
        if (!IsUnderWay || core.Now < _resendAt)
        {
            return;
        }

        if (_hasSaid)
        {
            Say();
        }

        if (_hasSentLog)
        {
            SendLog();
        }
    }

    private void Say()
    {
        _resendAt = core.Now + (ulong)core.Settings.ResendMilliseconds;
        core.Broadcast(new StartViewChange(core.Envelope));
    }

    private void SendLog()
    {
        var message = new DoViewChange(core.Envelope, core.LogView, core.Incarnations, core.Log.SuffixFrom(core.CommitOp));
        if (core.Primary == core.Self)
        {
            Take(message);
        }
        else
        {
            core.Send(core.Primary, message);
        }
    }

    // A log that was sent before its sender lost its memory does not count: since then it may have promised something in an older view. Then it has recovered with the help of a replica
    // whose log counts too: had that one sent its log before, it would have told of this view; it sent it afterwards, and its log tells of the loss (DISC 2017, see Incarnations).
    private void Take(DoViewChange message)
    {
        foreach (ref var known in _logs.AsSpan())
        {
            if (known is null)
            {
                continue;
            }

            if (known.Incarnations[message.From] > message.Incarnations[message.From])
            {
                return;
            }

            if (message.Incarnations[known.From] > known.Incarnations[known.From])
            {
                known = null;
                _logCount--;
            }
        }

        ref var place = ref _logs[message.From.Value];
        _logCount += place is null ? 1 : 0;
        place = message;
    }

    // The newest log has everything that is committed: among f+1 replicas is one that has it, and none that was normal later lacks it. The longest of several is as good and loses
    // less. Whatever of them another knows to be committed is in it too.
    private void TakeBest()
    {
        DoViewChange? best = null;
        foreach (var log in _logs)
        {
            if (log is not null && (best is null || log.LogView > best.LogView || (log.LogView == best.LogView && log.Suffix.LastOp > best.Suffix.LastOp)))
            {
                best = log;
            }
        }

        adoption.Begin(best!.Suffix, best.From);
    }
}
