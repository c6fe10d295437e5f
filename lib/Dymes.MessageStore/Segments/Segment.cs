using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>A part of the log: a message file, and an index that is in memory while the file grows and a file of its own after that. Readers share it.</summary>
public sealed class Segment : IDisposable
{
    private volatile ISegmentIndex _index;
    private volatile EntryTable _entries = new();
    private volatile LostEntry? _firstLost;
    private IDataFile? _file;

    internal Segment(FileHeader header, UInt128 headerChecksum, string path, IDataFile? file, ISegmentIndex index)
    {
        Header = header;
        HeaderChecksum = headerChecksum;
        Path = path;
        _file = file;
        _index = index;
    }

    /// <summary>The segment's number, from 1.</summary>
    public uint Number => Header.SegmentNumber;

    /// <summary>The position of row 0.</summary>
    public Lsn FirstLsn => Header.FirstLsn;

    /// <summary>The path of the message file.</summary>
    public string Path { get; }

    /// <summary>The rows.</summary>
    public ISegmentIndex Index => _index;

    /// <summary>The bytes of the segment's files.</summary>
    internal long StoredBytes
    {
        get
        {
            try
            {
                return (_file?.Length ?? 0) + (_index is SelfHealingIndex sealedIndex ? sealedIndex.FileBytes : 0);
            }
            catch (ObjectDisposedException)
            {
                return 0; // it was cut off meanwhile
            }
        }
    }

    internal IReadOnlyList<IdempotencyRecord> IdempotencyRecords => _index switch
    {
        ActiveIndex active => active.IdempotencyRecords,
        SelfHealingIndex healing => healing.IdempotencyRecords,
        _ => [],
    };

    internal FileHeader Header { get; }

    internal UInt128 HeaderChecksum { get; }

    internal ulong Tag => (ulong)HeaderChecksum;

    /// <summary>The message file. Null only between the roll and the first write into the new file; no reader has a row of it then.</summary>
    internal IDataFile File
    {
        get => _file ?? throw new InvalidOperationException($"{Path} is not created yet.");
        set => _file = value;
    }

    internal bool HasFile => _file is not null;

    /// <summary>The entries, while the segment grows; and where they were found when the index was made again.</summary>
    internal EntryTable Entries => _entries;

    /// <summary>The offsets of the marks, while the segment grows. For the writer.</summary>
    internal List<long> Marks { get; } = [];

    /// <summary>Whether the segment is sealed, and its index is in memory because the messages were not all there when it was made again.</summary>
    internal bool HasMakeshiftIndex => IsSealed && _index is ActiveIndex or SelfHealingIndex { IsMakeshift: true };

    /// <summary>It was cut off, with all of its entries. Guarded by <see cref="SealingOrder"/>.</summary>
    internal bool IsGone { get; set; }

    /// <summary>The op of the last entry. For the writer, while the segment grows.</summary>
    internal ulong LastOp => Header.FirstOp + (ulong)Entries.Count - 1;

    /// <summary>The row of a position; it may be beyond the last one.</summary>
    public int RowOf(Lsn lsn) => (int)Math.Min((ulong)int.MaxValue, lsn.Value - FirstLsn.Value);

    /// <summary>The position of a row.</summary>
    public Lsn LsnOf(int row) => new(FirstLsn.Value + (ulong)row);

    /// <summary>How many rows are below a position.</summary>
    public int CountBelow(Lsn end) => end <= FirstLsn ? 0 : Math.Min(Index.Count, RowOf(end));

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        (_index as IDisposable)?.Dispose();
    }

    /// <summary>Where the bytes of an entry begin, with the mark of its batch if it is the first of one. For the writer, while the segment grows.</summary>
    internal long StartOf(int entry)
    {
        var offset = Entries[entry].Offset;
        var mark = offset - StoreLimits.SyncMarkBytes;
        return Marks.BinarySearch(mark) >= 0 ? mark : offset;
    }

    /// <summary>Forgets all entries and rows behind some first entries. For the writer, while the segment grows.</summary>
    internal void CutTo(int entries)
    {
        if (entries < Entries.Count)
        {
            ((ActiveIndex)_index).RollbackTo(Entries[entries].FirstRow);
            _entries.CutTo(entries);
        }
    }

    /// <summary>Where an entry of this segment is. From any thread, for an op that is committed.</summary>
    internal EntryPlace PlaceOf(ulong op)
    {
        var entries = _entries; // before the index: it is let go of after that has changed
        var entry = (int)(op - Header.FirstOp);
        return entry < entries.Count ? entries[entry] : (_index as SelfHealingIndex)?.EntryAt(entry) ?? _entries[entry];
    }

    /// <summary>Makes sure that the places of some entries have not gone bad since they were first used: before something is read or written there. From any thread.</summary>
    internal void RequirePlaces(ulong firstOp, ulong lastOp)
    {
        if (_entries.Count == 0 && _index is SelfHealingIndex index)
        {
            index.RequireEntries((int)(firstOp - Header.FirstOp), (int)(Math.Min(lastOp, LastPlacedOp) - firstOp) + 1);
        }
    }

    /// <summary>Whether the place of a message had gone bad, so that something else was read there. From any thread.</summary>
    internal bool HealLocation(Lsn lsn) => (_index as SelfHealingIndex)?.HealLocation(RowOf(lsn)) ?? false;

    /// <summary>The op of the entry that holds a row. From any thread, for a row that is committed.</summary>
    internal ulong OpOf(int row)
    {
        if (_firstLost is { } lost)
        {
            return lost.Op; // the rows are known once it is put back
        }

        ulong low = Header.FirstOp, high = LastPlacedOp;
        RequirePlaces(low, high);
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            if (PlaceOf(middle).FirstRow <= row)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>The last op of which the place is known. From any thread.</summary>
    internal ulong LastPlacedOp
    {
        get
        {
            var entries = _entries;
            return Header.FirstOp + (ulong)((_index as SelfHealingIndex)?.Summary.EntryCount ?? entries.Count) - 1;
        }
    }

    /// <summary>Puts another index in the place of one that lacked damaged messages.</summary>
    internal void BecomeWhole(ISegmentIndex index) => _index = index;

    /// <summary>
    /// The entry that must be put back next, where both files are damaged so that it is not known where the entries behind it are. It is told with each mending: the file is read again then.
    /// </summary>
    internal LostEntry? FirstLost
    {
        get => _firstLost;
        set => _firstLost = value;
    }

    /// <summary>Takes the entries' places as they were found in the file.</summary>
    internal void FindEntriesAt(ReadOnlySpan<EntryPlace> places)
    {
        _firstLost = null;
        var entries = new EntryTable();
        foreach (var place in places)
        {
            entries.Add(place);
        }

        _entries = entries;
    }

    /// <summary>Whether the segment grows no more.</summary>
    internal bool IsSealed { get; private set; }

    internal void BecomeSealed(ISegmentIndex index)
    {
        IsSealed = true;
        _index = index;
        _entries = index is SelfHealingIndex ? new EntryTable() : _entries;
        Marks.Clear();
        Marks.TrimExcess();
    }
}
