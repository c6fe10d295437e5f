using Dymes.Common;
using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Protocol;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr;

/// <summary>
/// A replica of Viewstamped Replication that acknowledges nothing before it is on disk: one synchronous step per input, without I/O, clock or randomness of its own. The host calls one
/// input at a time, carries out <see cref="Effects"/> in their order and clears them. Not safe for concurrent use. An <see cref="InvariantViolation"/> means that the replica has
/// stopped for good: the host must not go on with it.
/// </summary>
public sealed class Replica
{
    private readonly ReplicaCore _core;
    private readonly EntryReader _reader;
    private readonly PrimaryRole _primary;
    private readonly BackupRole _backup;
    private readonly Adoption _adoption;
    private readonly StateTransfer _transfer;
    private readonly StateServer _server;
    private readonly Suspicion _suspicion;
    private readonly PreVoting _preVoting;
    private readonly ViewChange _viewChange;
    private readonly Recovering _recovering;
    private readonly Repair _repair;
    private readonly ReadConfirmation _reads;
    private ulong _askedForViewAt;

    /// <summary>Starts a replica from what its host found on disk. The first effects are there at once.</summary>
    /// <param name="identity">Who it is.</param>
    /// <param name="settings">Its times.</param>
    /// <param name="start">What is on disk.</param>
    /// <param name="machine">What the log is for, as of <see cref="ReplicaStart.Commit"/>, having accepted all entries behind it.</param>
    /// <exception cref="DymesException">The settings are out of range, or the disk of a group of one is damaged.</exception>
    public Replica(ReplicaIdentity identity, ReplicaSettings settings, ReplicaStart start, IStateMachine machine)
    {
        settings.Validate();
        start.Validate(identity);
        _core = new ReplicaCore(identity, settings, start, machine);
        _reader = new EntryReader(_core.Effects);
        _primary = new PrimaryRole(_core, new Admission(_core, _reader));
        _backup = new BackupRole(_core);
        _adoption = new Adoption(_core);
        _transfer = new StateTransfer(_core, _backup, _adoption);
        _server = new StateServer(_core, _reader);
        _suspicion = new Suspicion(_core);
        _preVoting = new PreVoting(_core, _suspicion);
        _viewChange = new ViewChange(_core, _adoption);
        _recovering = new Recovering(_core, _adoption);
        _repair = new Repair(_core);
        _reads = new ReadConfirmation(_core, _primary);
        _recovering.Begin(start.Disk);
        if (_recovering.Standing == Standing.Member)
        {
            Join();
        }

        Settle();
    }

    /// <summary>Who the replica is.</summary>
    public ReplicaIdentity Identity => _core.Identity;

    /// <summary>What the replica wants done.</summary>
    public EffectList Effects => _core.Effects;

    /// <summary>What the replica is doing.</summary>
    public ReplicaStatus Status => _core.Status;

    /// <summary>How far the replica is one of the group.</summary>
    public Standing Standing => _recovering.Standing;

    /// <summary>The view that the replica is in.</summary>
    public ViewNumber View => _core.View;

    /// <summary>The newest view whose log is this replica's.</summary>
    public ViewNumber LogView => _core.LogView;

    /// <summary>The primary of <see cref="View"/>.</summary>
    public ReplicaNumber Primary => _core.Primary;

    /// <summary>Whether the replica is the primary and takes requests.</summary>
    public bool IsPrimary => _core.IsNormalPrimary;

    /// <summary>Whether a majority has room for new requests, as far as a primary knows. Where it has and the primary is full, another one should lead.</summary>
    public bool GroupHasRoom => _primary.GroupHasRoom;

    /// <summary>The last op of the replica's log.</summary>
    public ulong LastOp => _core.Log.LastOp;

    /// <summary>Everything up to here is on the replica's disk.</summary>
    public ulong DurableOp => _core.Log.DurableOp;

    /// <summary>Everything up to here is known to be committed.</summary>
    public ulong CommitOp => _core.CommitOp;

    /// <summary>Everything up to here was given to the state machine.</summary>
    public ulong AppliedOp => _core.AppliedOp;

    /// <summary>The highest op that the replica knows to be committed, be it that it lacks it.</summary>
    public ulong KnownCommit => Math.Max(_core.CommitOp, Math.Max(_backup.KnownCommit, _adoption.KnownCommit));

    /// <summary>How many entries of its log the replica has fetched from others.</summary>
    public ulong EntriesFetched => _transfer.EntriesFetched;

    /// <summary>How often the replica has asked another for an entry that is damaged here.</summary>
    public ulong RepairsAsked => _repair.Asked;

    /// <summary>How many damaged entries wait for another replica to give them.</summary>
    public int RepairsWaiting => _repair.Waiting;

    /// <summary>The sessions as of <see cref="AppliedOp"/>, to be stored now and then.</summary>
    public ClientTable Sessions => _core.Sessions;

    /// <summary>Input: whether the disk has no room for new requests. New ones are refused as soon as a majority's has none; what is prepared already should still find a place.</summary>
    public bool IsFull
    {
        get => _core.IsFull;
        set => _core.IsFull = value;
    }

    /// <summary>How many messages were dropped because they are of another cluster or epoch, or from nobody in the group.</summary>
    public ulong MessagesDropped { get; private set; }

    /// <summary>Input: time passes. Every ten milliseconds or so.</summary>
    /// <param name="now">The host's monotonic clock in milliseconds. It may run fast or slow, never backwards.</param>
    public void Tick(ulong now)
    {
        _core.Now = Math.Max(_core.Now, now);
        if (_core.Status == ReplicaStatus.Stopped)
        {
            return;
        }

        _recovering.Tick();
        _viewChange.Tick();
        _reads.Tick();
        if (_core.IsNormalPrimary)
        {
            TickPrimary();
        }
        else if (_core.Status != ReplicaStatus.Recovering && _suspicion.IsDue)
        {
            _suspicion.Postpone();
            _preVoting.Ask();
        }

        Settle();
    }

    /// <summary>Input: a client asks something. It is answered by an effect, at once or later, or never, in which case the client asks again.</summary>
    /// <param name="request">What it asks.</param>
    /// <param name="clockMilliseconds">The host's clock in milliseconds since 1970. It may step in both directions.</param>
    public void Submit(ClientRequest request, long clockMilliseconds)
    {
        _primary.Submit(request, clockMilliseconds);
        Settle();
    }

    /// <summary>Input: a read that must see everything acknowledged before it, on this replica. <see cref="EffectKind.ReadReady"/> or <see cref="EffectKind.ReadRefused"/> follows.</summary>
    /// <param name="number">The host's; never the same twice for one instance.</param>
    public void Read(ulong number)
    {
        _reads.Read(number);
        Settle();
    }

    /// <summary>Input: the host is about to stop. A primary leaves its view at once, so that the others need not miss it first; keep the replica going until another one leads.</summary>
    public void HandOver()
    {
        if (_core.IsNormalPrimary && _core.Identity.ReplicaCount > 1)
        {
            GoToView(_core.View.Next);
        }

        Settle();
    }

    /// <summary>Input: the log's writes up to this one are on disk.</summary>
    public void LogDurable(ulong write)
    {
        _core.Log.OnDurable(write);
        Settle();
    }

    /// <summary>Input: the hard states up to this one are on disk.</summary>
    public void StateDurable(ulong generation)
    {
        _core.State.OnDurable(generation);
        _recovering.Answer();
        Settle();
    }

    /// <summary>Input: the entries of <see cref="EffectKind.ReadEntries"/>: from the first that was asked for on, as many as could be read; none where that is damaged.</summary>
    public void EntriesRead(ulong reading, IReadOnlyList<LogEntry> entries)
    {
        _reader.OnRead(reading, entries);
        Settle();
    }

    /// <summary>Input: the bytes of an entry of the log went bad. <see cref="EffectKind.Rewrite"/> follows once another replica has given it.</summary>
    /// <param name="op">The entry.</param>
    /// <param name="checksum">The header checksum that it must have, where the host knows it from the entry behind it or from an index.</param>
    public void Damaged(ulong op, UInt128? checksum = null)
    {
        _repair.Report(op, checksum);
        Settle();
    }

    /// <summary>Input: a write or flush failed. The replica stops: after a failed flush nobody knows what is on disk.</summary>
    public void DiskFailed()
    {
        LeaveView();
        _core.Become(ReplicaStatus.Stopped, _core.View);
    }

    /// <summary>Input: a message from another replica.</summary>
    public void Receive(VsrMessage message)
    {
        var envelope = message.Envelope;
        var isOurs = envelope.ClusterId == _core.Identity.ClusterId && envelope.Epoch == _core.Identity.Epoch;
        if (!isOurs || envelope.From == _core.Self || envelope.From.Value >= _core.Identity.ReplicaCount)
        {
            MessagesDropped++;
            return;
        }

        if (_core.Status == ReplicaStatus.Stopped)
        {
            return;
        }

        switch (message)
        {
            case Prepare or Commit or StartView:
                ReceiveFromPrimary(message);
                break;
            case PrepareOk acknowledgement:
                _primary.OnPrepareOk(acknowledgement);
                break;
            case StartViewChange or DoViewChange:
                ReceiveViewChange(message);
                break;
            case PreVote question:
                _preVoting.OnPreVote(question);
                break;
            case PreVoteReply answer:
                _preVoting.OnReply(answer);
                break;
            case GetStartView question when _core.IsNormalPrimary && question.View <= _core.View:
                _primary.SendStartView(question.From, question.Nonce);
                break;
            case GetState question when question.View == _core.View:
                _server.OnGetState(question);
                break;
            case NewState state when state.View == _core.View && state.IsRepair:
                _repair.OnNewState(state);
                break;
            case NewState state when state.View == _core.View:
                _transfer.OnNewState(state);
                break;
            case Recover question:
                ReceiveRecover(question);
                break;
            case RecoverReply answer:
                _recovering.OnReply(answer);
                break;
            case GetReadOp question when question.View == _core.View:
                _reads.OnGetReadOp(question);
                break;
            case ReadOp answer when answer.View == _core.View:
                _reads.OnReadOp(answer);
                break;
        }

        Settle();
    }

    private void ReceiveFromPrimary(VsrMessage message)
    {
        if (message.View.PrimaryOf(_core.Identity.ReplicaCount) != message.From)
        {
            return;
        }

        if (message.View < _core.View)
        {
            if (_core.IsNormalPrimary && message is Commit)
            {
                _primary.SendStartView(message.From, nonce: 0); // a primary that was deposed while it was away
            }

            return;
        }

        if (message is StartView start)
        {
            ReceiveStartView(start);
        }
        else if (message.View == _core.View)
        {
            FollowPrimary(message);
        }
        else
        {
            AskForView(message.From);
        }
    }

    private void FollowPrimary(VsrMessage message)
    {
        if (_core.Status == ReplicaStatus.ViewChange && !_adoption.IsActive)
        {
            AskForView(message.From);
            return;
        }

        _suspicion.Heard();
        _preVoting.End();
        if (message is Prepare prepare)
        {
            _backup.OnPrepare(prepare);
        }
        else if (message is Commit commit)
        {
            _backup.OnCommit(commit);
        }
    }

    private void ReceiveStartView(StartView message)
    {
        var isRecovering = _core.Status == ReplicaStatus.Recovering;
        var isNews = message.View > _core.View || (_core.Status == ReplicaStatus.ViewChange && _core.LogView < message.View && !_adoption.IsActive);
        var isWhole = message.Suffix.LastOp >= _core.CommitOp; // one that comes late may tell of less than this replica has of that log since
        if (isWhole && (isRecovering ? _recovering.Accepts(message) : isNews))
        {
            LeaveView();
            _core.Become(isRecovering ? ReplicaStatus.Recovering : ReplicaStatus.ViewChange, message.View);
            _suspicion.Heard();
            _adoption.Begin(message.Suffix, message.From);
        }
    }

    private void ReceiveViewChange(VsrMessage message)
    {
        if (_core.Status == ReplicaStatus.Recovering)
        {
            return;
        }

        if (message.View > _core.View)
        {
            GoToView(message.View);
        }

        if (_core.IsNormalPrimary && message.View <= _core.View)
        {
            _primary.SendStartView(message.From, nonce: 0);
        }
        else if (message.View == _core.View && message is StartViewChange left)
        {
            _viewChange.OnStartViewChange(left);
        }
        else if (message.View == _core.View && message is DoViewChange log)
        {
            _viewChange.OnDoViewChange(log);
        }
    }

    // A view that the sender may have promised something in, and that no other went to: the members go there, or it would wait for it in vain.
    private void ReceiveRecover(Recover message)
    {
        if (message.Standing == Standing.Recovering && message.View > _core.View && _core.Status != ReplicaStatus.Recovering)
        {
            GoToView(message.View);
        }

        _recovering.OnRecovery(message);
    }

    // A primary of a view that this replica is not in yet: it tells how the view began.
    private void AskForView(ReplicaNumber primary)
    {
        if (_core.Status != ReplicaStatus.Recovering && _core.Now - _askedForViewAt >= (ulong)_core.Settings.GapMilliseconds)
        {
            _askedForViewAt = _core.Now;
            _core.Send(primary, new GetStartView(_core.Envelope, Nonce: 0));
        }
    }

    private void TickPrimary()
    {
        if (_primary.HasLostItsHold())
        {
            LeaveView();
            _core.Become(ReplicaStatus.ViewChange, _core.View);
            _suspicion.Restart();
        }
        else
        {
            _primary.Tick();
        }
    }

    private void GoToView(ViewNumber view)
    {
        LeaveView();
        _core.Become(ReplicaStatus.ViewChange, view);
        _suspicion.Restart();
        _viewChange.Begin();
    }

    private void LeaveView()
    {
        _primary.End();
        _backup.End();
        _reads.End();
        _adoption.End();
        _transfer.End();
        _preVoting.End();
    }

    // A replica that has all that it ever promised takes its place: as a backup where it was one, else by a view change. A primary that was away does not go on in its view: it may
    // have sent entries that its own disk does not have.
    private void Join()
    {
        if (_core.LogView == _core.View && _core.View.Value > 0 && _core.Primary != _core.Self)
        {
            _core.Become(ReplicaStatus.Normal, _core.View);
            _suspicion.Restart();
            _backup.Begin();
        }
        else
        {
            _core.Become(ReplicaStatus.ViewChange, _core.View);
            _viewChange.Begin();
        }
    }

    private void BecomeNormal()
    {
        _adoption.End();
        _recovering.End();
        _core.Become(ReplicaStatus.Normal, _core.View);
        if (_core.IsNormalPrimary)
        {
            _primary.Begin();
        }
        else
        {
            _suspicion.Heard();
            _backup.Begin();
        }
    }

    // After each input: whatever has become possible, in the order in which one thing leads to another.
    private void Settle()
    {
        if (_core.Status == ReplicaStatus.Stopped)
        {
            return;
        }

        if (_core.Status == ReplicaStatus.Recovering)
        {
            SettleRecovering();
        }

        if (_preVoting.HasWon)
        {
            GoToView(_preVoting.Candidate);
        }

        _viewChange.GoOn();
        if (_adoption.GoOn())
        {
            BecomeNormal();
        }

        if (_core.IsNormalPrimary)
        {
            _primary.CountAcknowledgements();
        }
        else if (_core.IsNormalBackup)
        {
            _backup.GoOn();
        }

        Apply();
        if (_core.IsNormalPrimary)
        {
            _primary.GoOn();
        }

        _reads.GoOn();
        _transfer.GoOn();
        _repair.GoOn();
    }

    private void SettleRecovering()
    {
        _recovering.GoOn();
        if (_recovering.Standing == Standing.Member)
        {
            Join();
            if (_recovering.HasFormed)
            {
                GoToView(_core.View.Next);
            }
        }
    }

    private void Apply()
    {
        var before = _core.AppliedOp;
        while (_core.ApplyNext() is { } entry)
        {
            if (_core.IsNormalPrimary)
            {
                _primary.Answer(entry);
            }
        }

        if (_core.AppliedOp > before)
        {
            _core.Log.Forget(_core.AppliedOp);
            _core.Effects.Add(Effect.Applied(_core.AppliedOp));
        }
    }
}
