using Dymes.Common;

namespace Dymes.Engine.Appending;

/// <summary>The newest idempotency keys and what they stand for. Owned by the sequencer. It is derived state: the marks are in the log, so it is read back at the start.</summary>
/// <param name="capacity">How many keys are remembered.</param>
internal sealed class IdempotencyWindow(int capacity)
{
    private readonly Dictionary<UInt128, KnownRequest> _known = [];
    private readonly Queue<UInt128> _oldestFirst = new();

    public bool TryGet(UInt128 key, out KnownRequest known) => _known.TryGetValue(key, out known);

    /// <summary>Forgets all, and remembers what a log has, oldest first.</summary>
    public void Reset(IEnumerable<(UInt128 Key, Lsn FirstLsn, int Count)> marks)
    {
        _known.Clear();
        _oldestFirst.Clear();
        foreach (var (key, firstLsn, count) in marks)
        {
            Add(key, new KnownRequest(firstLsn, count));
        }
    }

    /// <summary>Remembers a request; the first of a key counts.</summary>
    public void Add(UInt128 key, KnownRequest request)
    {
        if (!_known.TryAdd(key, request))
        {
            return;
        }

        _oldestFirst.Enqueue(key);
        if (_oldestFirst.Count > capacity)
        {
            _known.Remove(_oldestFirst.Dequeue());
        }
    }
}

/// <summary>A request that an idempotency key stands for.</summary>
/// <param name="FirstLsn">The position of the message that carries the mark; the others that the request appended follow.</param>
/// <param name="Count">The number of its messages, as the mark says.</param>
internal readonly record struct KnownRequest(Lsn FirstLsn, int Count);
