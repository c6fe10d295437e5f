namespace Dymes.MessageStore.Index;

/// <summary>
/// Numbers 128-bit keys in the order in which they come: an open-addressing hash table that only grows, but for taking back the last key. One writer; readers need
/// no lock: a key is written before the slot that names it, and a larger table is published whole.
/// </summary>
internal sealed class KeyTable
{
    private const int CapacityAtFirst = 64;
    private volatile Generation _generation = new(CapacityAtFirst);

    public int Count { get; private set; }

    public UInt128 this[int ordinal] => _generation.Keys[ordinal];

    public int Find(UInt128 key) => _generation.Find(key);

    /// <summary>Gives a key that is not there the next number.</summary>
    public void Add(UInt128 key)
    {
        if (Count == _generation.Keys.Length)
        {
            _generation = _generation.Grown(Count);
        }

        _generation.Put(key, Count);
        Count++;
    }

    /// <summary>Forgets the key that was added last. No later key has gone past its slot, so clearing it breaks no probe.</summary>
    public void RemoveLast()
    {
        Count--;
        _generation.Clear(Count);
    }

    private sealed class Generation(int capacity)
    {
        // Twice as many slots as keys: a probe looks at 1.5 slots on average. A slot holds the ordinal + 1.
        private readonly int[] _slots = new int[capacity * 2];

        public UInt128[] Keys { get; } = new UInt128[capacity];

        public int Find(UInt128 key)
        {
            for (var slot = HomeOf(key); ; slot = (slot + 1) & (_slots.Length - 1))
            {
                var ordinal = Volatile.Read(ref _slots[slot]) - 1;
                if (ordinal < 0 || Keys[ordinal] == key)
                {
                    return ordinal;
                }
            }
        }

        public void Put(UInt128 key, int ordinal)
        {
            Keys[ordinal] = key;
            var slot = HomeOf(key);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            Volatile.Write(ref _slots[slot], ordinal + 1);
        }

        public void Clear(int ordinal)
        {
            var slot = HomeOf(Keys[ordinal]);
            while (_slots[slot] != ordinal + 1)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            Volatile.Write(ref _slots[slot], 0);
        }

        public Generation Grown(int count)
        {
            var grown = new Generation(capacity * 2);
            for (var ordinal = 0; ordinal < count; ordinal++)
            {
                grown.Put(Keys[ordinal], ordinal);
            }

            return grown;
        }

        private int HomeOf(UInt128 key) => (int)(KeyHash.Of(key) >> 32) & (_slots.Length - 1);
    }
}
