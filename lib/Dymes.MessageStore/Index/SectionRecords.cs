using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dymes.MessageStore.Index;

/// <summary>The records of a section, or of a part of one. What is read of them is checked; the rest is not touched.</summary>
internal readonly ref struct SectionRecords<T>
    where T : unmanaged
{
    private readonly IndexBlocks _blocks;
    private readonly int _offset;
    private readonly ReadOnlySpan<T> _records;

    public SectionRecords(IndexBlocks blocks, SectionPlace place)
        : this(blocks, place.Offset, MemoryMarshal.Cast<byte, T>(blocks.Unchecked(place)))
    {
    }

    private SectionRecords(IndexBlocks blocks, int offset, ReadOnlySpan<T> records)
    {
        _blocks = blocks;
        _offset = offset;
        _records = records;
    }

    public int Count => _records.Length;

    public ref readonly T this[int index]
    {
        get
        {
            ref readonly var record = ref _records[index];
            _blocks.Require(_offset + (index * Unsafe.SizeOf<T>()));
            return ref record;
        }
    }

    /// <summary>Some of the records, none of which is read yet.</summary>
    public SectionRecords<T> Slice(int start, int length) => new(_blocks, _offset + (start * Unsafe.SizeOf<T>()), _records.Slice(start, length));

    /// <summary>Makes sure that some of the records, which were read, are still what was written; those that are not there are passed over.</summary>
    /// <exception cref="IndexDamagedException">One of them, or one near them, is not.</exception>
    public void RequireStill(int start, int length)
    {
        var (first, end) = (Math.Max(0, start), Math.Min(Count, start + length));
        _blocks.RequireStill(_offset + (first * Unsafe.SizeOf<T>()), Math.Max(0, end - first) * Unsafe.SizeOf<T>());
    }

    /// <summary>Reads all of the records, and makes sure that they are still what was written.</summary>
    public ReadOnlySpan<T> ReadAllStill()
    {
        ReadAll();
        RequireStill(0, Count);
        return _records;
    }

    /// <summary>Reads all of the records.</summary>
    public ReadOnlySpan<T> ReadAll()
    {
        _blocks.Require(_offset, _records.Length * Unsafe.SizeOf<T>());
        return _records;
    }
}
