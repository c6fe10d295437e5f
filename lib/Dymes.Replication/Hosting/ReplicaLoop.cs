using Dymes.Common;
using Dymes.MessageStore;
using Dymes.Replication.Sessions;
using Dymes.Vsr;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Hosting;

/// <summary>
/// The one thread that a replica lives on: it tells it what has come, and carries out what it wants. It never waits for the disk or the network. Much that has come is dealt with at one
/// go, with the store's gate held, and what was appended meanwhile goes to the disk as one batch.
/// </summary>
internal sealed class ReplicaLoop
{
    private const ulong TickMilliseconds = 10;
    private const ulong HandOverEveryMilliseconds = 5_000;
    private const long UnwrittenBytesMax = 64L << 20;
    private readonly SegmentStore _store;
    private readonly Replica _replica;
    private readonly Lanes _lanes;
    private readonly Inbox _inbox;
    private readonly EffectCarrier _effects;
    private readonly Mending _mending;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private ulong _tickAt;
    private ulong _mayHandOverAt;
    private volatile bool _hasEnded;
    private volatile bool _isStopping;

    public ReplicaLoop(SegmentStore store, Replica replica, Lanes lanes, Inbox inbox, EffectCarrier effects, Mending mending, Action<Exception> failed)
    {
        _store = store;
        _replica = replica;
        _lanes = lanes;
        _inbox = inbox;
        _effects = effects;
        _mending = mending;
        _failed = failed;
        Report = MakeReport();
        _thread = new Thread(Run) { Name = $"dymes replica {replica.Identity.Self}", IsBackground = true };
    }

    /// <summary>Where the replica stands, a few milliseconds ago at most. Any thread may ask.</summary>
    public MemberReport Report { get; private set => Volatile.Write(ref field, value); }

    public void Start() => _thread.Start();

    /// <summary>Deals with what has come, then ends the thread. What waits for the group is refused.</summary>
    public void Stop()
    {
        _isStopping = true;
        _inbox.Wake();
        _thread.Join();
    }

    /// <summary>Called when something waits in the queue: once the thread has ended, nobody else would refuse it.</summary>
    public void OnQueued()
    {
        _inbox.Wake();
        if (_hasEnded)
        {
            RefuseWaiting();
        }
    }

    /// <summary>Sends a request of this node's to whoever is thought to be the primary.</summary>
    public void Ask(ClientRequest request)
    {
        if (_replica.Primary == _replica.Identity.Self)
        {
            Submit(request);
        }
        else
        {
            _effects.PassOn(request);
        }
    }

    private void Run()
    {
        try
        {
            lock (_store.Gate)
            {
                _effects.CarryOut(); // what it wanted when it was made
            }

            _effects.Flush();

            while (!_isStopping)
            {
                Turn();
            }
        }
        catch (Exception error)
        {
            _failed(error);
        }
        finally
        {
            _hasEnded = true; // from here on, who queues something sees it, or was seen by it
            RefuseWaiting();
            _effects.Stop();
            Report = Report with { Status = ReplicaStatus.Stopped, IsPrimary = false };
        }
    }

    private void RefuseWaiting()
    {
        lock (_store.Gate)
        {
            _lanes.Stop();
        }
    }

    private void Turn()
    {
        var now = _lanes.Time.Milliseconds;
        var patience = TimeSpan.FromMilliseconds(_tickAt > now ? _tickAt - now : 0);
        var inputs = _inbox.Take(patience, () => !_lanes.MayPump);
        lock (_store.Gate)
        {
            foreach (var input in inputs)
            {
                Tell(input);
                _effects.CarryOut();
            }

            now = _lanes.Time.Milliseconds;
            _lanes.Pump();
            if (now >= _tickAt)
            {
                Tick(now);
            }

            _effects.CarryOut();
            _store.OfferToDisk();
        }

        _store.WakeDisk();
        _effects.Flush();
    }

    private void Tick(ulong now)
    {
        _tickAt = now + TickMilliseconds;
        _replica.IsFull = !_store.HasRoom(EntryLimits.BodyBytesMax);
        _replica.Tick(now);
        _effects.CarryOut();
        _lanes.Tick();
        _effects.Tick();
        Report = MakeReport();
    }

    private void Tell(in Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Message:
                Receive((VsrMessage)input.Subject!);
                break;
            case InputKind.Request:
                Submit((ClientRequest)input.Subject!);
                break;
            case InputKind.Reply:
                _lanes.OnReply((ClientReply)input.Subject!);
                break;
            case InputKind.LogDurable:
                _replica.LogDurable(input.Number);
                break;
            case InputKind.StateDurable:
                _replica.StateDurable(input.Number);
                break;
            case InputKind.EntriesRead:
                _replica.EntriesRead(input.Number, (IReadOnlyList<LogEntry>)input.Subject!);
                break;
            case InputKind.Damaged:
                _replica.Damaged(input.Number);
                break;
            case InputKind.DiskFailed:
                _replica.DiskFailed();
                _failed((Exception)input.Subject!);
                break;
            case InputKind.Read:
                _replica.Read(input.Number);
                break;
            case InputKind.HandOver:
                _replica.HandOver();
                break;
        }
    }

    // A disk without room takes no entries: the others go on without this replica, which fetches them when there is room. What the primary prepared before it knew still finds a place in
    // the reserve, so that nobody is left without an answer. So it is with a replica that has fallen far behind its memory.
    private void Receive(VsrMessage message)
    {
        var isRefused = message switch
        {
            Prepare => !_store.HasReserve,
            NewState { IsRepair: false } => _replica.IsFull,
            _ => false,
        };
        if (!isRefused && (message is not (Prepare or NewState) || _store.Replica.WaitingBytes < UnwrittenBytesMax))
        {
            _replica.Receive(message);
        }
    }

    private void Submit(ClientRequest request)
    {
        if (_replica.IsPrimary && !_store.Replica.IsIndexComplete)
        {
            _effects.Reply(new ClientReply(request.Client, request.Number, ReplyOutcome.Busy) { View = _replica.View });
        }
        else
        {
            _replica.Submit(request, _lanes.Time.UnixMilliseconds);
        }

        if (_replica.IsPrimary && (!_store.Replica.IsIndexComplete || (_replica.IsFull && _replica.GroupHasRoom)))
        {
            LetAnotherLead();
        }
    }

    // Another one has room, or nothing damaged; where it soon has not either, the lead must not go round.
    private void LetAnotherLead()
    {
        var now = _lanes.Time.Milliseconds;
        if (now >= _mayHandOverAt)
        {
            _mayHandOverAt = now + HandOverEveryMilliseconds;
            _replica.HandOver();
        }
    }

    private MemberReport MakeReport() => new()
    {
        Status = _replica.Status,
        Standing = _replica.Standing,
        View = _replica.View,
        Primary = _replica.Primary,
        IsPrimary = _replica.IsPrimary,
        LastOp = _replica.LastOp,
        DurableOp = _replica.DurableOp,
        CommitOp = _replica.CommitOp,
        AppliedOp = _replica.AppliedOp,
        KnownCommit = _replica.KnownCommit,
        IsDiskFull = _replica.IsFull,
        Upkeep = new MemberUpkeep
        {
            ViewChanges = _effects.ViewChanges,
            EntriesFetched = _replica.EntriesFetched,
            RepairsAsked = _replica.RepairsAsked,
            RepairsMended = _mending.Mended,
            RepairsWaiting = _replica.RepairsWaiting,
            InboxLost = _inbox.Lost,
        },
    };
}
