using Dymes.Common;
using Dymes.Engine.Appending;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Sessions;

/// <summary>
/// This node as a client of its group: appends that wait gather into the next free lane, so that a lone one leaves at once and load makes larger requests, without a timer. Several lanes
/// keep the primary busy while others wait for its answer. Owned by the replica's thread.
/// </summary>
internal sealed class Lanes
{
    private const int LaneCount = 8;
    private const int BatchBytes = 1 << 20;
    private readonly AppendQueue _queue;
    private readonly AppendAnswers _answers;
    private readonly Action<ClientRequest> _send;
    private readonly Lane[] _lanes;
    private readonly List<PendingAppend> _batch = [];
    private readonly List<PendingAppend> _answered = [];
    private ViewNumber _view;
    private ulong _answeredEnd;

    /// <summary>Makes the lanes.</summary>
    /// <param name="queue">What waits.</param>
    /// <param name="answers">Where answers go.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="drawId">Draws the name of a session; never the same twice.</param>
    /// <param name="send">Sends a request to whoever is the primary; it may be lost.</param>
    public Lanes(AppendQueue queue, AppendAnswers answers, HostTime time, Func<ClientId> drawId, Action<ClientRequest> send)
    {
        _queue = queue;
        _answers = answers;
        Time = time;
        _send = send;
        _lanes = [.. Enumerable.Range(0, LaneCount).Select(_ => new Lane(drawId(), drawId))];
    }

    /// <summary>The host's clock.</summary>
    public HostTime Time { get; }

    /// <summary>How long a request waits for the group before its caller is told that there is none. Longer than a view change.</summary>
    public ulong PatienceMilliseconds { get; init; } = 5_000;

    /// <summary>How long an answer may take before the request is sent again.</summary>
    public ulong ResendMilliseconds { get; init; } = 500;

    /// <summary>How long to wait where the asked replica is not the primary, or busy.</summary>
    public ulong RetryMilliseconds { get; init; } = 20;

    /// <summary>The end of what answers have named: what this node's readers must see. Any thread may ask.</summary>
    public Lsn AnsweredEnd => new(Volatile.Read(ref _answeredEnd));

    /// <summary>Whether something waits that a lane is free for.</summary>
    public bool MayPump => _queue.Requests > _lanes.Count(static lane => lane.IsRegistering) && Array.Exists(_lanes, static lane => lane.IsFree);

    /// <summary>Lets what waits leave, as far as lanes are free.</summary>
    public void Pump()
    {
        var now = Time.Milliseconds;
        foreach (var lane in _lanes)
        {
            if (!MayPump)
            {
                return;
            }

            if (lane.IsFree)
            {
                Use(lane, now);
            }
        }
    }

    /// <summary>Takes an answer.</summary>
    public void OnReply(ClientReply reply)
    {
        var now = Time.Milliseconds;
        foreach (var lane in _lanes)
        {
            if (lane.IsFree || lane.Id != reply.Client || lane.UnderWay.Number != reply.Number)
            {
                continue;
            }

            if (reply.Outcome is ReplyOutcome.NotPrimary or ReplyOutcome.Busy or ReplyOutcome.DiskFull)
            {
                OnRefused(lane, reply.Outcome, now);
                return;
            }

            _view = reply.Outcome == ReplyOutcome.Done && reply.View > _view ? reply.View : _view;
            lane.Answer(reply, _answered);
            Give();
            if (lane.IsFree && !_queue.IsEmpty)
            {
                Use(lane, now);
            }

            return;
        }
    }

    /// <summary>Time passes: what had no answer is sent again, and given up in the end.</summary>
    public void Tick()
    {
        var now = Time.Milliseconds;
        foreach (var lane in _lanes)
        {
            if (lane.IsFree)
            {
                continue;
            }

            if (lane.HasAppends && now - lane.BeganAt > PatienceMilliseconds)
            {
                lane.GiveUp("The group did not answer in time", _answered);
            }
            else if (now >= lane.SendAgainAt)
            {
                Send(lane, now);
            }
        }

        RefuseOld(now);
        Give();
        Pump();
    }

    /// <summary>The node stops: nobody is answered later.</summary>
    public void Stop()
    {
        foreach (var lane in _lanes)
        {
            if (!lane.IsFree)
            {
                lane.GiveUp("The node stops", _answered);
            }
        }

        while (_queue.TryPeek(out var append))
        {
            Refuse(append, Lane.NotRun());
        }

        Give();
    }

    // Without room nobody waits for more than the answer that says so: not those who are in the request, and not those for whom a session was to be begun.
    private void OnRefused(Lane lane, ReplyOutcome outcome, ulong now)
    {
        lane.OnRefused();
        if (outcome != ReplyOutcome.DiskFull || lane.MayHaveRun)
        {
            lane.SendAgainAt = now + RetryMilliseconds;
            return;
        }

        while (lane.IsRegistering && _queue.TryPeek(out var append))
        {
            Refuse(append, Lane.NoRoom());
        }

        lane.Fail(Lane.NoRoom(), _answered);
        Give();
    }

    // A session begins with the first append, so that a node that only reads has none.
    private void Use(Lane lane, ulong now)
    {
        if (!lane.IsRegistered)
        {
            lane.Register(now);
        }
        else
        {
            Gather();
            lane.Append(_batch, _view, now);
            _batch.Clear();
        }

        Send(lane, now);
    }

    private void Send(Lane lane, ulong now)
    {
        lane.SendAgainAt = now + ResendMilliseconds;
        lane.OnSent();
        _send(lane.UnderWay);
    }

    private void Gather()
    {
        int bytes = 0, messages = 0;
        while (_queue.TryPeek(out var next))
        {
            var request = next.Request;
            if (_batch.Count > 0 && (bytes + request.Frames.Length > BatchBytes || messages + request.Count > EntryLimits.MessagesMax))
            {
                return;
            }

            _queue.Take(next);
            _batch.Add(next);
            bytes += request.Frames.Length;
            messages += request.Count;
        }
    }

    // Without a group even those that wait for a lane must not wait for ever.
    private void RefuseOld(ulong now)
    {
        while (_queue.TryPeek(out var append) && now > Time.MillisecondsAt(append.ArrivedAt) + PatienceMilliseconds)
        {
            Refuse(append, Lane.NotRun());
        }
    }

    private void Refuse(PendingAppend append, DymesException error)
    {
        _queue.Take(append);
        append.Error = error;
        _answered.Add(append);
    }

    private void Give()
    {
        foreach (var append in _answered)
        {
            if (append.Result is { } result)
            {
                foreach (var receipt in result.AsSpan())
                {
                    if (receipt.IsStored && receipt.Lsn.Next > AnsweredEnd)
                    {
                        Volatile.Write(ref _answeredEnd, receipt.Lsn.Next.Value);
                    }
                }
            }

            _answers.Add(append);
        }

        _answered.Clear();
        _answers.Give();
    }
}
