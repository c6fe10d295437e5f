using Dymes.Common;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Protocol;

/// <summary>VRR 4.1, the primary's part of normal operation: prepares entries, counts who has them, commits, and says that it lives.</summary>
internal sealed class PrimaryRole(ReplicaCore core, Admission admission)
{
    private readonly ulong[] _acknowledged = new ulong[core.Identity.ReplicaCount];
    private readonly ulong[] _heardAt = new ulong[core.Identity.ReplicaCount];
    private readonly ulong[] _confirmed = new ulong[core.Identity.ReplicaCount];
    private readonly bool[] _isFull = new bool[core.Identity.ReplicaCount];
    private readonly ulong[] _sorted = new ulong[core.Identity.ReplicaCount];
    private ulong _heartbeatAt;
    private ulong _announcedCommit;

    /// <summary>The newest round of confirmation that was asked for.</summary>
    public ulong Round { get; private set; }

    /// <summary>The newest round that a majority has answered in this view.</summary>
    public ulong ConfirmedRound => CommonTo(_confirmed, own: Round);

    /// <summary>The log's end when the view began: the requests of older views are in it, whether this replica knows them to be committed or not.</summary>
    public ulong ViewStartOp { get; private set; }

    /// <summary>Whether a majority has room for new requests, by what each has said last; one that is silent has none.</summary>
    public bool GroupHasRoom
    {
        get
        {
            var count = 0;
            for (var i = 0; i < _isFull.Length; i++)
            {
                var hasRoom = i == core.Self.Value ? !core.IsFull : !_isFull[i] && _heardAt[i] + Patience >= core.Now;
                count += hasRoom ? 1 : 0;
            }

            return count >= core.Identity.Quorum;
        }
    }

    private ulong Patience => (ulong)core.Settings.SuspectMaxMilliseconds;

    private bool HasSettledIn => core.AppliedOp >= ViewStartOp;

    public void Begin()
    {
        Array.Clear(_acknowledged);
        Array.Clear(_confirmed);
        Array.Clear(_isFull);
        Array.Fill(_heardAt, core.Now);
        Round = 0;
        ViewStartOp = core.Log.LastOp;
        _announcedCommit = core.CommitOp;
        admission.Clear();
        core.Broadcast(new StartView(core.Envelope, core.Log.SuffixFrom(core.CommitOp), Nonce: 0));
        _heartbeatAt = core.Now + (ulong)core.Settings.HeartbeatMilliseconds;
    }

    /// <summary>Sends the waiting clients elsewhere.</summary>
    public void End() => admission.RefuseAll();

    public void Submit(ClientRequest request, long clockMilliseconds)
    {
        if (!core.IsNormalPrimary || request.View > core.View)
        {
            admission.Refuse(request, ReplyOutcome.NotPrimary);
        }
        else if (request.Body.Length > VsrLimits.RequestBytesMax)
        {
            admission.Refuse(request, ReplyOutcome.TooLarge);
        }
        else
        {
            admission.Enqueue(request, clockMilliseconds);
            Drain();
        }
    }

    public void OnPrepareOk(PrepareOk message)
    {
        if (!core.IsNormalPrimary || message.View != core.View || message.Op > core.Log.LastOp || message.Round > Round)
        {
            return;
        }

        var from = message.From.Value;
        _heardAt[from] = core.Now;
        _isFull[from] = message.IsFull;
        _acknowledged[from] = Math.Max(_acknowledged[from], message.Op);
        _confirmed[from] = Math.Max(_confirmed[from], message.Round);
    }

    /// <summary>Commits what a majority has on disk; this replica counts itself only with what is on its own.</summary>
    public void CountAcknowledgements()
    {
        var op = CommonTo(_acknowledged, own: core.Log.DurableOp);
        if (op > core.CommitOp)
        {
            core.AdvanceCommit(op);
        }
    }

    /// <summary>After entries were applied: room for requests that wait, and word for backups that have nothing else coming.</summary>
    public void GoOn()
    {
        Drain();
        if (core.CommitOp == core.Log.LastOp && _announcedCommit < core.CommitOp)
        {
            SendHeartbeat();
        }
    }

    /// <summary>Tells the client of an applied entry, whichever view prepared it.</summary>
    public void Answer(LogEntry entry) => admission.OnApplied(entry);

    public void Tick()
    {
        if (core.Now >= _heartbeatAt)
        {
            SendHeartbeat();
        }
    }

    /// <summary>Whether the primary must step down: no majority answers it, or its disk stands still.</summary>
    public bool HasLostItsHold()
    {
        if (CommonTo(_heardAt, own: core.Now) + Patience < core.Now)
        {
            return true;
        }

        return core.Log.WaitingSince is { } since && since + (ulong)core.Settings.DiskStallMilliseconds < core.Now;
    }

    /// <summary>Begins a round of confirmation; those who answer it are still in this view.</summary>
    public void StartRound()
    {
        Round++;
        SendHeartbeat();
    }

    /// <summary>Tells a replica that missed it how the view began.</summary>
    public void SendStartView(ReplicaNumber to, ulong nonce) => core.Send(to, new StartView(core.Envelope, core.Log.SuffixFrom(core.CommitOp), nonce));

    private void SendHeartbeat()
    {
        _announcedCommit = core.CommitOp;
        _heartbeatAt = core.Now + (ulong)core.Settings.HeartbeatMilliseconds;
        core.Broadcast(new Commit(core.Envelope, core.CommitOp, core.Log.LastOp, Round));
    }

    private void Drain()
    {
        while (HasSettledIn && HasRoom && admission.TakeNext(WhyNotNow) is { } admitted)
        {
            Prepare(admitted.Request, admitted.ClockMilliseconds);
        }
    }

    private bool HasRoom =>
        core.Log.LastOp - core.CommitOp < VsrLimits.PipelineEntriesMax && core.Log.BytesAfter(core.CommitOp) < VsrLimits.PipelineBytesMax;

    // Where others have room, one of them should lead: the host sees to it.
    private ReplyOutcome? WhyNotNow => !GroupHasRoom ? ReplyOutcome.DiskFull : core.IsFull ? ReplyOutcome.Busy : null;

    private void Prepare(ClientRequest request, long clockMilliseconds)
    {
        var last = core.Log.Last;
        var stamp = new EntryStamp(core.Log.LastOp + 1, last?.EndLsn ?? Lsn.First, Math.Max(clockMilliseconds, EarliestBehind(last)));
        if ((request.IsRegistration ? new PreparedEntry(EntryKind.Registration, default, 0) : core.Machine.Prepare(request, stamp)) is not { } prepared)
        {
            admission.PutOff(request);
            return;
        }

        var header = new EntryHeader
        {
            ParentChecksum = core.Log.ChecksumAt(core.Log.LastOp),
            ClientId = request.Client.Value,
            RequestNumber = request.Number,
            Op = stamp.Op,
            FirstLsn = stamp.FirstLsn,
            TimestampMilliseconds = stamp.TimestampMilliseconds,
            View = core.View.Value,
            Epoch = core.Identity.Epoch,
            Kind = prepared.Kind,
            MessageCount = prepared.MessageCount,
            AnswerBytes = prepared.AnswerBytes,
            Commit = core.CommitOp,
        };
        var entry = LogEntry.Seal(header, prepared.Body);
        _announcedCommit = core.CommitOp;
        core.Broadcast(new Prepare(core.Envelope, entry, core.CommitOp)); // before its own disk: the disks of all work at the same time
        core.Log.Append(entry, core.Now);
    }

    // Time goes on where the primary changes: within a millisecond only one of them gives ids, so that ids grow with positions.
    private long EarliestBehind(LogEntry? last) =>
        last is null ? 0 : last.Header.View < core.View.Value ? last.Header.TimestampMilliseconds + 1 : last.Header.TimestampMilliseconds;

    // The highest number that a majority has reached.
    private ulong CommonTo(ulong[] values, ulong own)
    {
        values.CopyTo(_sorted, 0);
        _sorted[core.Self.Value] = own;
        Array.Sort(_sorted);
        return _sorted[core.Identity.ReplicaCount - core.Identity.Quorum];
    }
}
