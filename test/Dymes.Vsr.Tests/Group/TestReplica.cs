using Dymes.Vsr.Effects;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Tests.Group;

/// <summary>A replica with its host: carries out effects, and does disk writes at once unless they are held.</summary>
internal sealed class TestReplica(TestGroup group, ReplicaNumber number)
{
    private ulong _starts;

    public ReplicaNumber Number => number;

    public TestDisk Disk { get; } = new();

    public TestMachine Machine { get; private set; } = new([], 0);

    /// <summary>How far a test has looked at what the state machine was given.</summary>
    public ulong CheckedOp { get; set; }

    public Replica? Running { get; private set; }

    public Replica Live => Running ?? throw new InvalidOperationException($"Replica {number} is down.");

    public void Start()
    {
        var (condition, readable) = Disk.Open();
        var commit = new ReplicaStart { Disk = condition, State = Disk.State, Tail = readable, Sessions = new ClientTable(), Seed = 0 }.Commit;
        var sessions = new ClientTable(group.SessionsMax);
        foreach (var entry in readable.Take((int)commit))
        {
            sessions.Apply(entry.Header);
        }

        Machine = new TestMachine(readable, commit);
        CheckedOp = 0;
        var start = new ReplicaStart
        {
            Disk = condition,
            State = Disk.State,
            Tail = [.. readable.Skip((int)Math.Max(1, commit) - 1)],
            Sessions = sessions,
            Seed = (number.Value * 1000UL) + ++_starts,
            Now = group.Now,
        };
        Running = new Replica(new ReplicaIdentity(7, 1, number, group.Count), group.Settings, start, Machine);
        CarryOut();
        foreach (var op in Enumerable.Range(1, (int)commit).Select(op => (ulong)op).Where(Disk.IsDamaged))
        {
            Step(replica => replica.Damaged(op));
        }
    }

    public void Crash(int logWritesKept = 0, int statesKept = 0)
    {
        Running = null;
        Disk.LosePending(logWritesKept, statesKept);
    }

    public void Step(Action<Replica> input)
    {
        if (Running is { } running)
        {
            input(running);
            CarryOut();
        }
    }

    /// <summary>Does what the disk has waiting.</summary>
    public void Flush()
    {
        while (Running is not null && Disk.HasWork)
        {
            var done = Disk.DoNext();
            group.Narrator.Wrote(number, done);
            if (done.Kind is EffectKind.Append or EffectKind.Truncate)
            {
                Running.LogDurable(done.Number);
            }
            else if (done.Kind == EffectKind.PersistState)
            {
                Running.StateDurable(done.Number);
            }

            Take();
        }
    }

    private void CarryOut()
    {
        Take();
        Flush();
    }

    private void Take()
    {
        var effects = Live.Effects;
        for (var i = 0; i < effects.Count; i++)
        {
            Carry(effects[i]);
        }

        var readings = Readings(effects);
        effects.Clear();
        foreach (var (reading, entries) in readings)
        {
            Live.EntriesRead(reading, entries);
            Take();
        }
    }

    private void Carry(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Send:
                group.Send(effect.To, effect.Message);
                break;
            case EffectKind.Append or EffectKind.Truncate or EffectKind.PersistState or EffectKind.Rewrite:
                Disk.Take(effect);
                break;
            case EffectKind.Reply:
                group.Replied(effect.Reply);
                break;
            case EffectKind.ReadReady or EffectKind.ReadRefused:
                group.ReadEnded(effect.Number, effect.Kind == EffectKind.ReadReady ? Live.AppliedOp : null);
                break;
            case EffectKind.Applied:
                group.Narrator.Applied(number, effect.Op);
                break;
            case EffectKind.StatusChanged:
                group.Narrator.Changed(Live, number);
                break;
        }
    }

    private List<(ulong Reading, List<LogEntry> Entries)> Readings(EffectList effects)
    {
        var readings = new List<(ulong, List<LogEntry>)>();
        for (var i = 0; i < effects.Count; i++)
        {
            if (effects[i].Kind == EffectKind.ReadEntries)
            {
                readings.Add((effects[i].Number, Disk.Read(effects[i].Op, effects[i].LastOp)));
            }
        }

        return readings;
    }
}
