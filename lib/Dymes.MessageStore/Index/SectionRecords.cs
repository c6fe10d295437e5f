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

    /// <summary>Reads all of the records.</summary>
    public ReadOnlySpan<T> ReadAll()
    {
        _blocks.Require(_offset, _records.Length * Unsafe.SizeOf<T>());
        return _records;
    }
}
