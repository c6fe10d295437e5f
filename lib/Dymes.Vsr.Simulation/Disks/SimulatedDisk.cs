using Dymes.Vsr.Effects;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Disks;

/// <summary>
/// A replica's disk: a log and a hard state, each with its own lane of writes. What was flushed is there until a fault takes it; of what was not, a crash keeps a beginning, and may tear
/// the write behind it. A damaged entry is one whose checksum tells so: its bytes are not used, only its place.
/// </summary>
internal sealed class SimulatedDisk
{
    private readonly Dice _dice;
    private readonly Coverage _coverage;
    private readonly SimulatedHost _host;
    private readonly List<LogEntry> _log = [];
    private readonly SortedSet<ulong> _damaged = [];
    private bool _isStateLost;

    public SimulatedDisk(SimulatedHost host, EventQueue queue, SimulationPlan plan, Dice dice, Coverage coverage)
    {
        _host = host;
        _dice = dice;
        _coverage = coverage;
        LogLane = new WriteLane(queue, dice, plan.FlushMicroseconds, LogFlushed);
        StateLane = new WriteLane(queue, dice, plan.FlushMicroseconds, StateFlushed);
    }

    public WriteLane LogLane { get; }

    public WriteLane StateLane { get; }

    /// <summary>The entries on disk, the damaged ones as they were before.</summary>
    public IReadOnlyList<LogEntry> Log => _log;

    public DurableState? State { get; private set; }

    public ulong LastOp => (ulong)_log.Count;

    public IReadOnlyCollection<ulong> Damaged => _damaged;

    public bool IsDamaged(ulong op) => _damaged.Contains(op);

    /// <summary>The entry as it can be read; null where there is none, or it is damaged.</summary>
    public LogEntry? Read(ulong op) => op >= 1 && op <= LastOp && !_damaged.Contains(op) ? _log[(int)op - 1] : null;

    public void Take(in Effect write) => (write.Kind == EffectKind.PersistState ? StateLane : LogLane).Take(write);

    /// <summary>The machine goes down: some writes that were not flushed are there afterwards, the others are not.</summary>
    public void Crash()
    {
        Leave(LogLane.Cut());
        Leave(StateLane.Cut());
    }

    public void Wipe()
    {
        _log.Clear();
        _damaged.Clear();
        State = null;
        _isStateLost = false;
    }

    public void Damage(ulong op) => _damaged.Add(op);

    public void CutAfter(ulong op)
    {
        _log.RemoveRange((int)op, _log.Count - (int)op);
        _damaged.RemoveWhere(damaged => damaged > op);
    }

    public void LoseState()
    {
        State = null;
        _isStateLost = true;
    }

    /// <summary>
    /// What can be told of it. An entry that is damaged ends what is handed over unless it is known to be committed; entries up to that are left as they are, for repair.
    /// </summary>
    public FoundDisk Open()
    {
        if (State is null && _log.Count == 0 && !_isStateLost)
        {
            return new FoundDisk(DiskCondition.Blank, null, 0);
        }

        var last = LastOp;
        while (FirstDamagedIn(CommitNamedAt(last), last) is { } bad)
        {
            last = bad - 1;
        }

        var isWhole = last == LastOp && State is not null;
        return new FoundDisk(isWhole ? DiskCondition.Whole : DiskCondition.Damaged, State, last);
    }

    private ulong CommitNamedAt(ulong last) =>
        last == 0 ? 0 : IsDamaged(last) ? last : Math.Min(last, Math.Max(_log[(int)last - 1].Header.Commit, State?.CommitHint ?? 0));

    private ulong? FirstDamagedIn(ulong from, ulong to)
    {
        foreach (var op in _damaged)
        {
            if (op >= from && op <= to)
            {
                return op;
            }
        }

        return null;
    }

    private void LogFlushed(List<Effect>? done)
    {
        if (done is null)
        {
            _host.DiskFailed();
            return;
        }

        var write = 0UL;
        foreach (var effect in done)
        {
            Do(effect);
            write = effect.Kind == EffectKind.Rewrite ? write : effect.Number;
        }

        if (write > 0)
        {
            _host.LogDurable(write);
        }
    }

    private void StateFlushed(List<Effect>? done)
    {
        if (done is null)
        {
            _host.DiskFailed();
            return;
        }

        foreach (var effect in done)
        {
            Do(effect);
        }

        _host.StateDurable(done[^1].Number);
    }

    private void Leave(List<Effect> unflushed)
    {
        var kept = _dice.Between(0, unflushed.Count);
        for (var i = 0; i < kept; i++)
        {
            Do(unflushed[i]);
            _coverage.Count(FaultKind.KeptWrite);
        }

        if (kept < unflushed.Count)
        {
            // What is torn is found by its checksum and cut, or, in the place of a hard state, leaves the one before.
            _coverage.Count(_dice.Chance(0.5) ? FaultKind.TornWrite : FaultKind.LostWrite);
        }
    }

    private void Do(in Effect write)
    {
        switch (write.Kind)
        {
            case EffectKind.Append:
                RuleBroken.Unless(write.Entry.Op == LastOp + 1, Rule.GapFree, $"replica {_host.Number} writes op {write.Entry.Op} behind op {LastOp}");
                _log.Add(write.Entry);
                break;
            case EffectKind.Truncate:
                CutAfter(_host.Sabotage.TruncatesAfter(write.Op));
                break;
            case EffectKind.PersistState:
                State = _host.Sabotage.Persists(State, write.State);
                _isStateLost = false;
                break;
            case EffectKind.Rewrite:
                Repair(write.Entry);
                break;
        }
    }

    // The log may have been cut since the repair was asked for.
    private void Repair(LogEntry entry)
    {
        if (entry.Op <= LastOp)
        {
            RuleBroken.Unless(_log[(int)entry.Op - 1].Checksum == entry.Checksum, Rule.Agreement, $"replica {_host.Number} repairs op {entry.Op} with another entry");
            _damaged.Remove(entry.Op);
        }
    }
}
