using Dymes.Vsr.Effects;

namespace Dymes.Vsr.Tests.Group;

/// <summary>A replica's disk: what a crash leaves, and what is still on its way there.</summary>
internal sealed class TestDisk
{
    private readonly List<Effect> _pending = [];
    private readonly HashSet<ulong> _damaged = [];
    private List<LogEntry> _log = [];
    private DurableState? _state;

    /// <summary>While it is held, writes are taken and not done.</summary>
    public bool IsHeld { get; set; }

    /// <summary>While it is held, writes of the log are not done, and the hard state's are.</summary>
    public bool IsLogHeld { get; set; }

    public bool HasWork => !IsHeld && _pending.Exists(IsDue);

    public IReadOnlyList<LogEntry> Log => _log;

    public DurableState? State => _state;

    public void Take(in Effect effect) => _pending.Add(effect);

    /// <summary>Does the oldest write that is not held.</summary>
    public Effect DoNext()
    {
        var place = _pending.FindIndex(IsDue);
        var effect = _pending[place];
        _pending.RemoveAt(place);
        Do(effect);
        return effect;
    }

    /// <summary>A crash: some of the writes that nobody was told of are done nevertheless, the others never. The log's keep their order; the hard state's do not wait for them.</summary>
    public void LosePending(int logWritesKept = 0, int statesKept = 0)
    {
        foreach (var write in _pending)
        {
            ref var kept = ref write.Kind == EffectKind.PersistState ? ref statesKept : ref logWritesKept;
            if (kept-- > 0)
            {
                Do(write);
            }
        }

        _pending.Clear();
    }

    public void LoseState() => _state = null;

    public void Wipe()
    {
        _pending.Clear();
        _damaged.Clear();
        _log = [];
        _state = null;
    }

    public void Damage(ulong op) => _damaged.Add(op);

    public bool IsAnyDamaged => _damaged.Count > 0;

    public bool IsDamaged(ulong op) => _damaged.Contains(op);

    public List<LogEntry> Read(ulong fromOp, ulong lastOp)
    {
        var entries = new List<LogEntry>();
        for (var op = fromOp; op <= lastOp && op <= (ulong)_log.Count && !IsDamaged(op) && entries.Count < VsrLimits.TransferEntriesMax; op++)
        {
            entries.Add(_log[(int)op - 1]);
        }

        return entries;
    }

    /// <summary>What a host finds when it opens the disk, without the sessions.</summary>
    public (DiskCondition Condition, List<LogEntry> Readable) Open()
    {
        if (_state is null && _log.Count == 0)
        {
            return (DiskCondition.Blank, []);
        }

        var hint = _log.Count == 0 ? 0 : Math.Max(_log[^1].Header.Commit, _state?.CommitHint ?? 0);
        var bad = _damaged.Where(op => op > hint).Order().ToList();
        return bad.Count == 0 && _state is not null ? (DiskCondition.Whole, _log) : (DiskCondition.Damaged, bad.Count == 0 ? _log : _log[..((int)bad[0] - 1)]);
    }

    private bool IsDue(Effect write) => !IsLogHeld || write.Kind == EffectKind.PersistState;

    private void Do(Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Append:
                Assert.Equal((ulong)_log.Count + 1, effect.Entry.Op);
                _log.Add(effect.Entry);
                break;
            case EffectKind.Truncate:
                _log.RemoveRange((int)effect.Op, _log.Count - (int)effect.Op);
                _damaged.RemoveWhere(op => op > effect.Op);
                break;
            case EffectKind.PersistState:
                _state = effect.State;
                break;
            case EffectKind.Rewrite:
                Assert.Equal(effect.Entry.Header.SizeBytes, _log[(int)effect.Op - 1].Header.SizeBytes);
                _log[(int)effect.Op - 1] = effect.Entry;
                _damaged.Remove(effect.Op);
                break;
        }
    }
}
