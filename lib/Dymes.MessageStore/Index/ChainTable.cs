namespace Dymes.MessageStore.Index;

/// <summary>
/// Rows by key, each key's rows as a doubly linked chain through arrays: no allocation per message. One writer; a reader that first took the committed count sees every
/// link below it.
/// </summary>
internal sealed class ChainTable
{
    private const int None = -1;
    private readonly KeyTable _keys = new();
    private volatile Ends[] _ends = new Ends[64];
    private volatile Link[] _links = new Link[64];

    public int KeyCount => _keys.Count;

    public UInt128 KeyAt(int ordinal) => _keys[ordinal];

    public int Find(UInt128 key) => _keys.Find(key);

    public int CountAt(int ordinal) => Volatile.Read(ref _ends[ordinal].Count);

    public int FirstAt(int ordinal) => _ends[ordinal].First;

    /// <summary>Appends a row to its key's chain; returns the key's ordinal.</summary>
    public int Append(UInt128 key, int row)
    {
        var ordinal = _keys.Find(key);
        if (ordinal < 0)
        {
            ordinal = _keys.Count;
            EnsureRoom(ordinal, row);
            _links[row] = new Link(ordinal, None, None);
            _ends[ordinal] = new Ends { First = row, Last = row, Count = 1 };
            _keys.Add(key); // last: whoever finds the key finds its chain
            return ordinal;
        }

        EnsureRoom(ordinal, row);
        ref var ends = ref _ends[ordinal];
        _links[row] = new Link(ordinal, ends.Last, None);
        Volatile.Write(ref _links[ends.Last].Next, row);
        Volatile.Write(ref ends.Last, row);
        Volatile.Write(ref ends.Count, ends.Count + 1);
        return ordinal;
    }

    /// <summary>Marks a row as belonging to no key.</summary>
    public void Skip(int row)
    {
        EnsureRoom(0, row);
        _links[row] = new Link(None, None, None);
    }

    /// <summary>Takes back the last row, and its key where it was the only row of it.</summary>
    public void RemoveLast(int row)
    {
        var link = _links[row];
        if (link.Key == None)
        {
            return;
        }

        ref var ends = ref _ends[link.Key];
        if (link.Previous == None)
        {
            _keys.RemoveLast();
            return;
        }

        Volatile.Write(ref ends.Count, ends.Count - 1);
        Volatile.Write(ref ends.Last, link.Previous);
        Volatile.Write(ref _links[link.Previous].Next, None);
    }

    public int CopyAscending(int ordinal, int from, Span<int> rows)
    {
        var copied = 0;
        var links = _links;
        for (var row = FirstAtOrAbove(links, ordinal, from); row != None && copied < rows.Length; row = Volatile.Read(ref links[row].Next))
        {
            rows[copied++] = row;
        }

        return copied;
    }

    public int CopyDescending(int ordinal, int from, Span<int> rows)
    {
        var copied = 0;
        var links = _links;
        var row = LastOf(ordinal, links);
        while (row != None && row > from)
        {
            row = links[row].Previous;
        }

        for (; row != None && copied < rows.Length; row = links[row].Previous)
        {
            rows[copied++] = row;
        }

        return copied;
    }

    public int CountBelow(int ordinal, int row)
    {
        var links = _links;
        var count = CountAt(ordinal);
        for (var last = LastOf(ordinal, links); last != None && last >= row; last = links[last].Previous)
        {
            count--;
        }

        return count;
    }

    private int FirstAtOrAbove(Link[] links, int ordinal, int from)
    {
        var first = _ends[ordinal].First;
        if (from <= first)
        {
            return first;
        }

        // A reader that goes on just behind a row it has seen finds its way from that row; any other walks from the nearer end.
        if (from - 1 < links.Length && links[from - 1].Key == ordinal)
        {
            return Volatile.Read(ref links[from - 1].Next);
        }

        var last = LastOf(ordinal, links);
        if (from > last)
        {
            return None;
        }

        if (from - first < last - from)
        {
            var forward = first;
            while (forward != None && forward < from)
            {
                forward = Volatile.Read(ref links[forward].Next);
            }

            return forward;
        }

        var above = last;
        while (links[above].Previous >= from)
        {
            above = links[above].Previous;
        }

        return above;
    }

    // The chain may have grown past the links that this reader holds: then its end is where those links end.
    private int LastOf(int ordinal, Link[] links)
    {
        var last = Volatile.Read(ref _ends[ordinal].Last);
        if (last < links.Length)
        {
            return last;
        }

        var row = _ends[ordinal].First;
        for (var next = row; next != None && next < links.Length; next = Volatile.Read(ref links[next].Next))
        {
            row = next;
        }

        return row;
    }

    private void EnsureRoom(int ordinal, int row)
    {
        if (ordinal >= _ends.Length)
        {
            var ends = new Ends[_ends.Length * 2];
            _ends.CopyTo(ends, 0);
            _ends = ends;
        }

        if (row >= _links.Length)
        {
            var links = new Link[Math.Max(_links.Length * 2, row + 1)];
            _links.CopyTo(links, 0);
            _links = links;
        }
    }

    private struct Ends
    {
        public int First;
        public int Last;
        public int Count;
    }

    private struct Link(int key, int previous, int next)
    {
        public readonly int Key = key;
        public readonly int Previous = previous;
        public int Next = next;
    }
}
