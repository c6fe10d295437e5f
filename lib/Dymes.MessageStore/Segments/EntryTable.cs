using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>Where the entries of a growing segment are, in the order of their ops. One writer; any number of readers, who ask for no entry that may still be cut off.</summary>
internal sealed class EntryTable
{
    private volatile EntryPlace[] _places = new EntryPlace[16];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public EntryPlace this[int entry] => _places[entry];

    public ReadOnlySpan<EntryPlace> Places => _places.AsSpan(0, _count);

    public void Add(EntryPlace place)
    {
        if (_count == _places.Length)
        {
            var larger = new EntryPlace[_count * 2];
            _places.CopyTo(larger, 0);
            _places = larger;
        }

        _places[_count] = place;
        Volatile.Write(ref _count, _count + 1);
    }

    public void CutTo(int count) => Volatile.Write(ref _count, count);
}
