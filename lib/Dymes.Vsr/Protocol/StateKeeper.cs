using Dymes.Common;
using Dymes.Vsr.Effects;

namespace Dymes.Vsr.Protocol;

/// <summary>What the hard state is to be, and what it is known to be on disk.</summary>
internal sealed class StateKeeper(DurableState? onDisk, EffectList effects)
{
    private readonly List<DurableState> _pending = [];
    private ulong _durable;
    private DurableState? _latest = onDisk;

    /// <summary>What is on disk; null where nothing readable is.</summary>
    public DurableState? Durable { get; private set; } = onDisk;

    public void Persist(DurableState state)
    {
        if (_latest is { } latest && latest with { CommitHint = state.CommitHint } == state)
        {
            return; // the commit hint alone is not worth a flush
        }

        InvariantViolation.Assert(_latest is null || (state.View >= _latest.View && state.LogView >= _latest.LogView), "views on disk never step back");
        _latest = state;
        _pending.Add(state);
        effects.Add(Effect.Persist(_durable + (ulong)_pending.Count, state));
    }

    public void OnDurable(ulong generation)
    {
        InvariantViolation.Assert(generation <= _durable + (ulong)_pending.Count, "only states that were handed out are acknowledged");
        if (generation <= _durable)
        {
            return;
        }

        var count = (int)(generation - _durable);
        Durable = _pending[count - 1];
        _pending.RemoveRange(0, count);
        _durable = generation;
    }
}
