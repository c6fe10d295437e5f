using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Disks;

namespace Dymes.Vsr.Simulation.Running;

/// <summary>A machine with a replica on it: carries out what the replica wants, goes down, comes up again, stands still.</summary>
internal sealed class SimulatedHost
{
    private const ulong ReadMicroseconds = 200;
    private readonly SimulatedCluster _cluster;
    private readonly Dice _dice;
    private readonly ReplicaIdentity _identity;
    private readonly SortedDictionary<ulong, ulong> _reads = []; // by number: what had been heard of when the read was made
    private readonly PhaseWatch _phases;
    private Replica? _replica;
    private StampingMachine? _machine;
    private ulong _life;
    private ulong _pausedUntil;
    private ulong _lastRead;
    private ulong _startedAt;
    private (ViewNumber View, ulong Op) _committed; // what is known to be committed as a primary
    private int? _effectsUntilCrash;

    public SimulatedHost(SimulatedCluster cluster, int number, Dice dice)
    {
        _cluster = cluster;
        _dice = dice;
        Number = number;
        _identity = new ReplicaIdentity(SimulatedCluster.ClusterId, SimulatedCluster.Epoch, new ReplicaNumber((byte)number), cluster.Plan.Replicas);
        Clock = new HostClock(cluster.Queue, (dice.Fraction() - 0.5) * 2 * cluster.Plan.DriftMax);
        Disk = new SimulatedDisk(this, cluster.Queue, cluster.Plan, dice.Split(), cluster.Coverage);
        Promises = new Promises(number, Disk, cluster.Log, cluster.Views);
        Election = new Election(cluster, number);
        _phases = new PhaseWatch(cluster, number);
    }

    public int Number { get; }

    public int GroupSize => _cluster.Plan.Replicas;

    public HostClock Clock { get; }

    public SimulatedDisk Disk { get; }

    public Promises Promises { get; }

    public Election Election { get; }

    public Sabotage Sabotage => _cluster.Sabotage;

    /// <summary>The replica; null while the machine is down.</summary>
    public Replica? Running => _replica;

    /// <summary>The state machine, while the machine is up.</summary>
    public StampingMachine Machine => _machine!;

    /// <summary>Whether something of its disk is gone that it has not got back yet.</summary>
    public bool IsImpaired => Promises.HasLostMemory || Disk.Damaged.Count > 0;

    public void Start()
    {
        if (_replica is not null)
        {
            return;
        }

        _effectsUntilCrash = null;
        _startedAt = _cluster.Queue.Now;
        var found = Disk.Open();
        if (found.Condition == DiskCondition.Damaged)
        {
            Promises.Lose();
        }

        Launch(Sabotage.Opens(this, found));
        _cluster.Timeline?.Status(this);
        CarryOut();
        ReportDamage();
        _cluster.Queue.In((ulong)_dice.Between(0, (int)_cluster.Plan.TickMicroseconds), TickOf(_life));
    }

    public void Crash()
    {
        _cluster.Hash.Add(0xC4A5, _cluster.Queue.Now, (ulong)Number);
        _replica = null;
        _machine = null;
        _life++;
        _pausedUntil = 0;
        _reads.Clear();
        Election.Forget();
        _lastRead = 0;
        _phases.Look(null);
        Disk.Crash();
        _cluster.Timeline?.Status(this);
    }

    /// <summary>Goes down in the middle of a step that has that many effects or more.</summary>
    public void CrashAfter(int effects) => _effectsUntilCrash = effects;

    /// <summary>The machine is about to stop.</summary>
    public void HandOver() => Tell(replica => replica.HandOver());

    public void PauseUntil(ulong time) => _pausedUntil = Math.Max(_pausedUntil, time);

    /// <summary>All is well from now on: the disk is quick, the machine up.</summary>
    public void Heal()
    {
        _pausedUntil = 0;
        _effectsUntilCrash = null;
        Disk.LogLane.StalledUntil = 0;
        Disk.StateLane.StalledUntil = 0;
        Disk.LogLane.FailsNext = false;
        Disk.StateLane.FailsNext = false;
        Start();
    }

    /// <summary>A message is there. The log of a view makes a replica whole only as of after it asked: what it promised since an earlier answer is not in that.</summary>
    public void Receive(VsrMessage message, ulong sentAt)
    {
        var before = _replica is { Status: ReplicaStatus.Recovering } recovering ? recovering.View : (ViewNumber?)null;
        Receive(message);
        var hasTaken = message is StartView && before is { } view && view < message.View && _replica?.View == message.View;
        RuleBroken.Unless(!hasTaken || sentAt >= _startedAt, Rule.Memory, $"replica {Number} takes the log of view {message.View} as of before it asked");
    }

    private void Receive(VsrMessage message)
    {
        if (IsHeldBack(() => Receive(message)))
        {
            return;
        }

        _cluster.Coverage.Count(message.Kind);
        _cluster.Hash.Add(0xDE11, _cluster.Queue.Now, ((ulong)Number << 8) | (ulong)message.Kind);
        _cluster.Timeline?.Delivered(message.From.Value, Number, message);
        Sabotage.Receives(this, message, given =>
        {
            _replica?.Receive(given);
            CarryOut();
        });
    }

    public void Submit(ClientRequest request)
    {
        if (!IsHeldBack(() => Submit(request)))
        {
            _replica!.Submit(Sabotage.Hears(this, request), Clock.UnixMilliseconds);
            CarryOut();
        }
    }

    public void Read()
    {
        if (IsHeldBack(Read))
        {
            return;
        }

        var number = ++_lastRead; // as a host counts that was started anew
        _reads.Add(number, _cluster.Acknowledgements.HeardOp);
        if (Sabotage.ServesReadsAtOnce(this))
        {
            ServeRead(number);
            return;
        }

        _replica!.Read(number);
        CarryOut();
    }

    public void LogDurable(ulong write) => Tell(replica => replica.LogDurable(write));

    public void StateDurable(ulong generation) => Tell(replica => replica.StateDurable(generation));

    public void DiskFailed()
    {
        _cluster.Timeline?.Note(Number, "a flush failed");
        Tell(replica => replica.DiskFailed());
        var life = _life;
        _cluster.Queue.In(_cluster.Plan.Hasten(_dice.Between(10_000, 1_000_000)), () =>
        {
            if (life == _life)
            {
                Crash();
                Start();
            }
        });
    }

    /// <summary>Names all damage that a reading of the disk would find.</summary>
    public void ReportDamage()
    {
        if (_replica is null || Disk.Damaged.Count == 0)
        {
            return;
        }

        foreach (var op in Disk.Damaged.ToList())
        {
            if (op <= Disk.LastOp)
            {
                var checksum = Disk.Log[(int)op - 1].Checksum;
                Tell(replica => replica.Damaged(op, checksum));
            }
        }
    }

    private void Tell(Action<Replica> input)
    {
        if (!IsHeldBack(() => Tell(input)))
        {
            input(_replica!);
            CarryOut();
        }
    }

    // A machine that is down hears nothing; one that stands still hears it later, unless it goes down before.
    private bool IsHeldBack(Action again)
    {
        if (_replica is null)
        {
            return true;
        }

        if (_pausedUntil <= _cluster.Queue.Now)
        {
            return false;
        }

        var life = _life;
        _cluster.Queue.At(_pausedUntil, () =>
        {
            if (life == _life)
            {
                again();
            }
        });
        return true;
    }

    private Action TickOf(ulong life) => () =>
    {
        if (life != _life || _replica is null)
        {
            return;
        }

        if (_pausedUntil <= _cluster.Queue.Now)
        {
            _replica.Tick(Clock.MonotonicMilliseconds);
            CarryOut();
        }

        _cluster.Queue.In(_cluster.Plan.TickMicroseconds, TickOf(life));
    };

    private void Launch(FoundDisk found)
    {
        var log = Disk.Log.Take((int)found.LastOp).ToList();
        var commit = CommitOf(found, log);
        var sessions = new ClientTable(_cluster.Plan.SessionsMax);
        for (var op = 1UL; op <= commit; op++)
        {
            var entry = log[(int)op - 1];
            See(entry);
            sessions.Apply(entry.Header);
        }

        _machine = new StampingMachine(log, commit, _dice.Split(), See);
        var start = new ReplicaStart
        {
            Disk = found.Condition,
            State = found.State,
            Tail = [.. log.Skip((int)Math.Max(1, commit) - 1)],
            Sessions = Sabotage.Remembers(sessions),
            Seed = Sabotage.Seeds(this, _dice.Next()),
            Now = Clock.MonotonicMilliseconds,
        };
        _replica = new Replica(_identity, _cluster.Plan.Settings, start, Sabotage.Uses(_machine));
    }

    // What a replica is started with was committed in some view that it need not know.
    private void See(LogEntry entry) => _cluster.Log.See(Number, _replica?.View.Value ?? uint.MaxValue, entry);

    private static ulong CommitOf(FoundDisk found, List<LogEntry> log) =>
        Math.Min((ulong)log.Count, Math.Max(log.Count == 0 ? 0 : log.Max(entry => entry.Header.Commit), found.State?.CommitHint ?? 0));

    private void CarryOut()
    {
        if (_replica is not { } replica)
        {
            return;
        }

        var effects = replica.Effects;
        for (var i = 0; i < effects.Count && _replica == replica; i++)
        {
            if (_effectsUntilCrash is { } left && (_effectsUntilCrash = left - 1) < 0)
            {
                GoDownWithinStep();
                return;
            }

            Carry(effects[i]);
        }

        effects.Clear();
        _phases.Look(_replica);
        CheckCommit(replica);
    }

    private void GoDownWithinStep()
    {
        _effectsUntilCrash = null;
        _cluster.Coverage.Count(Faults.FaultKind.CrashWithinStep);
        _cluster.Timeline?.Note(Number, "goes down within a step");
        Crash();
        _cluster.Queue.In(_cluster.Plan.Hasten(_dice.Between(10_000, 1_000_000)), Start);
    }

    private void Carry(in Effect effect)
    {
        _cluster.Coverage.Count(effect.Kind);
        switch (effect.Kind)
        {
            case EffectKind.Send:
                Send(effect.To.Value, effect.Message);
                break;
            case EffectKind.Append or EffectKind.PersistState or EffectKind.Rewrite:
                Write(effect);
                break;
            case EffectKind.Truncate:
                CheckTruncation(effect.Op);
                Write(effect);
                break;
            case EffectKind.ReadEntries:
                ReadEntries(effect);
                break;
            case EffectKind.Reply:
                Reply(effect.Reply);
                break;
            case EffectKind.ReadReady:
                ServeRead(effect.Number);
                break;
            case EffectKind.ReadRefused:
                _reads.Remove(effect.Number);
                break;
            case EffectKind.Applied:
                _cluster.Timeline?.Applied(Number, effect.Op);
                break;
            case EffectKind.StatusChanged:
                StatusChanged();
                break;
        }
    }

    private void Send(int to, VsrMessage message)
    {
        if (Sabotage.Sends(this, to, message) is { } said)
        {
            Promises.Sent(said);
            if (said is Prepare prepare)
            {
                _cluster.Views.Prepare(prepare.View.Value, prepare.Entry);
            }

            _cluster.Network.Send(Number, to, said);
        }
    }

    private void Write(in Effect write)
    {
        if (Sabotage.AcknowledgesAtOnce(this, write))
        {
            var (life, number, isState) = (_life, write.Number, write.Kind == EffectKind.PersistState);
            _cluster.Queue.In(0, () =>
            {
                if (life == _life)
                {
                    Tell(replica => Acknowledge(replica, number, isState));
                }
            });
        }

        Disk.Take(write);
    }

    private static void Acknowledge(Replica replica, ulong number, bool isState)
    {
        if (isState)
        {
            replica.StateDurable(number);
        }
        else
        {
            replica.LogDurable(number);
        }
    }

    private void ReadEntries(in Effect effect)
    {
        var (life, reading, from, to) = (_life, effect.Number, effect.Op, effect.LastOp);
        _cluster.Queue.In(_dice.Around(ReadMicroseconds), () =>
        {
            if (life == _life)
            {
                Tell(replica => replica.EntriesRead(reading, Readable(from, to)));
                ReportDamage();
            }
        });
    }

    private List<LogEntry> Readable(ulong from, ulong to)
    {
        const int EntriesMax = 64;
        var entries = new List<LogEntry>();
        for (var op = from; op <= to && entries.Count < EntriesMax && Disk.Read(op) is { } entry; op++)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private void Reply(ClientReply reply)
    {
        var said = Sabotage.Replies(this, reply);
        _cluster.Acknowledgements.Sent(Number, said);
        _cluster.Reply(said);
    }

    private void ServeRead(ulong number)
    {
        if (_reads.Remove(number, out var heard))
        {
            RuleBroken.Unless(Machine.CommitOp >= heard, Rule.RealTimeOrder, $"replica {Number} serves a read as of op {Machine.CommitOp}, and op {heard} was acknowledged before it was asked");
        }
    }

    private void CheckTruncation(ulong after)
    {
        RuleBroken.Unless(after >= Machine.CommitOp, Rule.GapFree, $"replica {Number} cuts its log after op {after}, and has applied op {Machine.CommitOp}");
        Promises.Cuts(after);
    }

    private void StatusChanged()
    {
        var replica = _replica!;
        _cluster.Hash.Add((ulong)replica.Status, _cluster.Queue.Now, replica.View.Value);
        _cluster.Timeline?.Status(this);
        if (replica.Status == ReplicaStatus.Normal)
        {
            Promises.BecameNormal(replica.View);
        }

        if (replica.IsPrimary)
        {
            Election.Won(replica.View.Value);
            CheckLogOfPrimary(replica);
            _cluster.Views.Begin(replica.View.Value, Disk.Log);
        }
    }

    // What it commits beyond what it began its view with is what a majority has acknowledged in that view.
    private void CheckCommit(Replica replica)
    {
        if (!replica.IsPrimary || _replica is null || (_committed.View == replica.View && _committed.Op == replica.CommitOp))
        {
            return;
        }

        if (_committed.View == replica.View)
        {
            _cluster.Views.Commit(this, replica.View.Value, replica.CommitOp);
        }

        _committed = (replica.View, replica.CommitOp);
    }

    // Its log is on its disk by now: that is what makes it the primary.
    private void CheckLogOfPrimary(Replica replica)
    {
        for (var op = replica.AppliedOp + 1; op <= _cluster.Log.LastOp; op++)
        {
            var isThere = op <= Disk.LastOp && Disk.Log[(int)op - 1].Checksum == _cluster.Log[op].Checksum;
            RuleBroken.Unless(
                isThere || _cluster.Log.ViewOf(op) > replica.View.Value, Rule.Durability, $"replica {Number} begins view {replica.View} without op {op}, which is committed");
        }
    }
}
