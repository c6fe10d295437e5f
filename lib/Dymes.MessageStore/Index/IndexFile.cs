using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore.Index;

/// <summary>The index file of a sealed segment, mapped. A section's checksum is checked when the section is first used; after that a read costs what memory costs.</summary>
internal sealed class IndexFile : ISegmentIndex, IDisposable
{
    private readonly string _path;
    private readonly IFileView _view;
    private readonly bool[] _isChecked = new bool[IndexFileLayout.SectionCount];

    private IndexFile(string path, IFileView view, FileHeader header, IndexSummary summary)
    {
        _path = path;
        _view = view;
        Header = header;
        Summary = summary;
    }

    public FileHeader Header { get; }

    public IndexSummary Summary { get; }

    public int Count => Summary.Count;

    public MessageId MinId => Summary.MinId;

    public MessageId MaxId => Summary.MaxId;

    public long FileBytes => _view.Bytes.Length;

    /// <summary>Opens an index file, or says with null that it is missing, cut or damaged where everything depends on it.</summary>
    /// <exception cref="DymesException">It belongs to another cluster or dataset, or is of a newer version.</exception>
    public static IndexFile? TryOpen(IFileSystem files, string path, StoreIdentity identity, uint segmentNumber)
    {
        if (!files.FileExists(path))
        {
            return null;
        }

        using var file = files.Open(path, DataFileMode.Read);
        if (file.Length < IndexFileLayout.SectionsOffset)
        {
            return null;
        }

        var view = file.Map();
        var header = FileHeader.Read(view.Bytes, path);
        var covered = view.Bytes[IndexFileLayout.SummaryOffset..IndexFileLayout.ChecksumOffset];
        if (header is null || Checksum.Of(covered) != BinaryPrimitives.ReadUInt128LittleEndian(view.Bytes[IndexFileLayout.ChecksumOffset..]))
        {
            view.Dispose();
            return null;
        }

        header.Require(FileKind.Index, segmentNumber, identity, path);
        return new IndexFile(path, view, header, IndexSummary.Read(covered));
    }

    /// <summary>Checks every section, and that there is nothing but zeros between and behind them.</summary>
    /// <exception cref="IndexDamagedException">Some byte is not what was written.</exception>
    public void CheckAll()
    {
        var end = IndexFileLayout.SectionsOffset;
        foreach (var section in Enum.GetValues<IndexSection>().OrderBy(OffsetOf).ThenBy(section => Section<byte>(section).Length))
        {
            end += Section<byte>(section).Length;
            var next = IndexFileLayout.Align(end);
            if (next > _view.Bytes.Length || _view.Bytes[end..next].ContainsAnyExcept((byte)0))
            {
                throw new IndexDamagedException(_path, $"zeros behind {section}", end);
            }

            end = next;
        }

        if (end != _view.Bytes.Length)
        {
            throw new IndexDamagedException(_path, "end", end);
        }
    }

    public FrameLocation LocationAt(int row) => Section<FrameLocation>(IndexSection.Locations)[row];

    public MessageId IdAt(int row) => new(Section<UInt128>(IndexSection.Ids)[row]);

    public int FindId(MessageId id)
    {
        if (id < MinId || id > MaxId)
        {
            return -1;
        }

        var order = OrderById();
        var rank = order.RankOf(id, this);
        var row = rank < order.Count ? order.RowAt(rank) : -1;
        return row >= 0 && IdAt(row) == id ? row : -1;
    }

    public IdOrder OrderById()
    {
        var rows = Section<int>(IndexSection.IdOrder);
        return rows.IsEmpty ? new IdOrder(Count) : new IdOrder(rows);
    }

    public ChannelEntry? FindChannel(ChannelId channel) => TryFindChannel(channel, out var record) ? EntryOf(record) : null;

    public int CopyChannelRows(ChannelId channel, int from, bool descending, Span<int> rows)
    {
        if (!TryFindChannel(channel, out var record))
        {
            return 0;
        }

        var all = Section<int>(IndexSection.ChannelRows).Slice(record.RowsStart, record.RowsCount);
        return descending ? CopyDescending(all, from, rows) : CopyAscending(all, from, rows);
    }

    public int CountChannelRowsBelow(ChannelId channel, int row) => TryFindChannel(channel, out var record)
        ? LowerBound(Section<int>(IndexSection.ChannelRows).Slice(record.RowsStart, record.RowsCount), row)
        : 0;

    public int CopyChildRows(MessageId parent, int from, Span<int> rows)
    {
        if (!KeyFilter.MayContain(Section<byte>(IndexSection.ParentFilter), parent.Value))
        {
            return 0;
        }

        var parents = Section<ParentRecord>(IndexSection.Parents);
        var found = Search(parents, parent.Value, static record => record.Id);
        if (found < 0)
        {
            return 0;
        }

        return CopyAscending(Section<int>(IndexSection.ChildRows).Slice(parents[found].RowsStart, parents[found].RowsCount), from, rows);
    }

    public IReadOnlyList<ChannelEntry> ListChannels(ChannelId? after, int limit)
    {
        var channels = Section<ChannelRecord>(IndexSection.Channels);
        var start = 0;
        if (after is { } channel)
        {
            var found = Search(channels, channel.Value, static record => record.Channel);
            start = found < 0 ? ~found : found + 1;
        }

        var entries = new ChannelEntry[Math.Min(limit, channels.Length - start)];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = EntryOf(channels[start + i]);
        }

        return entries;
    }

    public IReadOnlyList<IdempotencyRecord> IdempotencyRecords()
    {
        var section = Section<IdempotencyFileRecord>(IndexSection.IdempotencyKeys);
        var records = new IdempotencyRecord[section.Length];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = new IdempotencyRecord(section[i].Key, section[i].Row, section[i].Count);
        }

        return records;
    }

    public void Dispose() => _view.Dispose();

    private bool TryFindChannel(ChannelId channel, out ChannelRecord record)
    {
        record = default;
        if (!KeyFilter.MayContain(Section<byte>(IndexSection.ChannelFilter), channel.Value))
        {
            return false;
        }

        var channels = Section<ChannelRecord>(IndexSection.Channels);
        var found = Search(channels, channel.Value, static candidate => candidate.Channel);
        if (found < 0)
        {
            return false;
        }

        record = channels[found];
        return true;
    }

    private ChannelEntry EntryOf(ChannelRecord record)
    {
        var name = record.NameBytes == 0
            ? null
            : Encoding.UTF8.GetString(Section<byte>(IndexSection.ChannelNames).Slice(record.NameStart, record.NameBytes));
        return new ChannelEntry(
            new ChannelId(record.Channel), name, new Lsn(record.FirstLsn), new MessageId(record.FirstId), record.BaseCount, record.RowsCount);
    }

    private long OffsetOf(IndexSection section) =>
        BinaryPrimitives.ReadInt64LittleEndian(_view.Bytes[(IndexFileLayout.DirectoryOffset + ((int)section * IndexFileLayout.DirectoryRecordBytes))..]);

    private ReadOnlySpan<T> Section<T>(IndexSection section)
        where T : unmanaged
    {
        var directory = _view.Bytes[(IndexFileLayout.DirectoryOffset + ((int)section * IndexFileLayout.DirectoryRecordBytes))..];
        var offset = BinaryPrimitives.ReadInt64LittleEndian(directory);
        var length = BinaryPrimitives.ReadInt64LittleEndian(directory[8..]);
        if (!_isChecked[(int)section])
        {
            Check(section, offset, length, BinaryPrimitives.ReadUInt128LittleEndian(directory[16..]));
        }

        return MemoryMarshal.Cast<byte, T>(_view.Bytes.Slice((int)offset, (int)length));
    }

    private void Check(IndexSection section, long offset, long length, UInt128 expected)
    {
        if (offset < 0 || length < 0 || offset + length > _view.Bytes.Length
            || Checksum.Of(_view.Bytes.Slice((int)offset, (int)length)) != expected)
        {
            throw new IndexDamagedException(_path, section.ToString(), offset);
        }

        _isChecked[(int)section] = true;
    }

    private static int CopyAscending(ReadOnlySpan<int> all, int from, Span<int> rows)
    {
        var rest = all[LowerBound(all, from)..];
        var copied = Math.Min(rest.Length, rows.Length);
        rest[..copied].CopyTo(rows);
        return copied;
    }

    private static int CopyDescending(ReadOnlySpan<int> all, int from, Span<int> rows)
    {
        var rest = all[..(from == int.MaxValue ? all.Length : LowerBound(all, from + 1))];
        var copied = Math.Min(rest.Length, rows.Length);
        rest[^copied..].CopyTo(rows);
        rows[..copied].Reverse();
        return copied;
    }

    private static int LowerBound(ReadOnlySpan<int> sorted, int value)
    {
        var found = sorted.BinarySearch(value);
        return found < 0 ? ~found : found;
    }

    private static int Search<T>(ReadOnlySpan<T> records, UInt128 key, Func<T, UInt128> keyOf)
    {
        int low = 0, high = records.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var candidate = keyOf(records[middle]);
            if (candidate == key)
            {
                return middle;
            }

            if (candidate < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}
