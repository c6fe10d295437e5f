using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore.Index;

/// <summary>
/// The index file of a sealed segment, mapped. Its head is checked when it is opened, all else when it is first used; and again where an answer does not prove itself: a frame that is read
/// says whether it is the one, a message that is left out of an answer does not.
/// </summary>
internal sealed class IndexFile : ISegmentIndex, IDisposable
{
    private readonly IFileView _view;
    private readonly IndexBlocks _blocks;
    private readonly SectionPlace[] _sections;

    private IndexFile(string path, IFileView view, FileHeader header, IndexHead head)
    {
        _view = view;
        _blocks = new IndexBlocks(path, view, head.Blocks);
        _sections = head.Sections;
        Header = header;
        Summary = head.Summary;
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
        if (FileHeader.Read(view.Bytes, path) is not { } header || IndexHead.TryRead(view.Bytes, view.Bytes.Length) is not { } head)
        {
            view.Dispose();
            return null;
        }

        header.Require(FileKind.Index, segmentNumber, identity, path);
        return new IndexFile(path, view, header, head);
    }

    /// <summary>Checks every byte.</summary>
    /// <exception cref="IndexDamagedException">Some byte is not what was written.</exception>
    public void CheckAll() => _blocks.CheckAll();

    public FrameLocation LocationAt(int row) => Section<FrameLocation>(IndexSection.Locations)[row];

    public MessageId IdAt(int row)
    {
        var ids = Section<UInt128>(IndexSection.Ids);
        var id = ids[row];
        ids.RequireStill(row, 1);
        return new MessageId(id);
    }

    // Who names a row that is not there was led there by what has gone bad, and finds that out.
    public MessageId QuickIdAt(int row) => (uint)row < (uint)Count ? new(Section<UInt128>(IndexSection.Ids)[row]) : MessageId.None;

    public int FindId(MessageId id)
    {
        if (id < MinId || id > MaxId)
        {
            return -1;
        }

        var order = OrderById();
        var rank = order.QuickRankOf(id, this);
        if (rank < order.Count && QuickIdAt(order.RowAt(rank)) == id)
        {
            return order.RowAt(rank);
        }

        RequireOrder();
        rank = order.RankOf(id, this);
        return rank < order.Count && IdAt(order.RowAt(rank)) == id ? order.RowAt(rank) : -1;
    }

    public IdOrder OrderById()
    {
        var rows = Section<int>(IndexSection.IdOrder);
        return rows.Count == 0 ? new IdOrder(Count) : new IdOrder(rows.ReadAll());
    }

    public void RequireOrder() => Section<int>(IndexSection.IdOrder).ReadAllStill();

    public ChannelEntry? FindChannel(ChannelId channel) => TryFindChannel(channel, out var record) ? EntryOf(record) : null;

    public int CopyChannelRows(ChannelId channel, int from, bool descending, Span<int> rows)
    {
        if (!TryFindChannel(channel, out var record))
        {
            return 0;
        }

        return descending ? CopyDescending(RowsOf(record), from, rows) : CopyAscending(RowsOf(record), from, rows);
    }

    public int CountChannelRowsBelow(ChannelId channel, int row)
    {
        if (!TryFindChannel(channel, out var record))
        {
            return 0;
        }

        var rows = RowsOf(record);
        var below = SortedRecords.CountBelow(rows, row);
        rows.RequireStill(below - 1, 2);
        return below;
    }

    public int CopyChildRows(MessageId parent, int from, Span<int> rows)
    {
        if (!KeyFilter.MayContain(Section<FilterBlock>(IndexSection.ParentFilter), parent.Value))
        {
            return 0;
        }

        var parents = Section<ParentRecord>(IndexSection.Parents);
        var found = SortedRecords.Find(parents, parent.Value);
        if (found < 0)
        {
            return 0;
        }

        var record = parents[found];
        return CopyAscending(Section<int>(IndexSection.ChildRows).Slice(record.RowsStart, record.RowsCount), from, rows);
    }

    public IReadOnlyList<ChannelEntry> ListChannels(ChannelId? after, int limit)
    {
        var channels = Section<ChannelRecord>(IndexSection.Channels);
        var start = 0;
        if (after is { } channel)
        {
            var found = SortedRecords.Find(channels, channel.Value);
            start = found < 0 ? ~found : found + 1;
        }

        var entries = new ChannelEntry[Math.Min(limit, channels.Count - start)];
        channels.Slice(start, entries.Length).ReadAllStill();
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = EntryOf(channels[start + i]);
        }

        return entries;
    }

    public IReadOnlyList<IdempotencyRecord> IdempotencyRecords()
    {
        var section = Section<IdempotencyFileRecord>(IndexSection.IdempotencyKeys).ReadAll();
        var records = new IdempotencyRecord[section.Length];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = new IdempotencyRecord(section[i].Key, section[i].Row, section[i].Count);
        }

        return records;
    }

    /// <summary>Where an entry of the segment is, by its place among them.</summary>
    public EntryPlace EntryAt(int entry) => Section<EntryPlace>(IndexSection.Entries)[entry];

    /// <summary>Makes sure that the places of some entries are still what was written.</summary>
    public void RequireEntries(int first, int count) => Section<EntryPlace>(IndexSection.Entries).RequireStill(first, count);

    /// <summary>Makes sure that the place of a row is still what was written.</summary>
    public void RequireLocation(int row) => Section<FrameLocation>(IndexSection.Locations).RequireStill(row, 1);

    public void Dispose() => _view.Dispose();

    private bool TryFindChannel(ChannelId channel, out ChannelRecord record)
    {
        record = default;
        if (!KeyFilter.MayContain(Section<FilterBlock>(IndexSection.ChannelFilter), channel.Value))
        {
            return false;
        }

        var channels = Section<ChannelRecord>(IndexSection.Channels);
        var found = SortedRecords.Find(channels, channel.Value);
        if (found < 0)
        {
            return false;
        }

        record = channels[found];
        return true;
    }

    private SectionRecords<int> RowsOf(ChannelRecord record) => Section<int>(IndexSection.ChannelRows).Slice(record.RowsStart, record.RowsCount);

    private ChannelEntry EntryOf(ChannelRecord record)
    {
        var name = record.NameBytes == 0
            ? null
            : Encoding.UTF8.GetString(Section<byte>(IndexSection.ChannelNames).Slice(record.NameStart, record.NameBytes).ReadAllStill());
        return new ChannelEntry(
            new ChannelId(record.Key), name, new Lsn(record.FirstLsn), new MessageId(record.FirstId), record.BaseCount, record.RowsCount);
    }

    private SectionRecords<T> Section<T>(IndexSection section)
        where T : unmanaged => new(_blocks, _sections[(int)section]);

    private static int CopyAscending(SectionRecords<int> all, int from, Span<int> rows)
    {
        var below = SortedRecords.CountBelow(all, from);
        var copied = Math.Min(all.Count - below, rows.Length);
        return Copy(all, below, copied, rows);
    }

    private static int CopyDescending(SectionRecords<int> all, int from, Span<int> rows)
    {
        var upTo = from == int.MaxValue ? all.Count : SortedRecords.CountBelow(all, from + 1);
        var copied = Math.Min(upTo, rows.Length);
        Copy(all, upTo - copied, copied, rows);
        rows[..copied].Reverse();
        return copied;
    }

    // With the rows on both sides, which say that these are the ones.
    private static int Copy(SectionRecords<int> all, int start, int count, Span<int> rows)
    {
        all.Slice(start, count).ReadAll().CopyTo(rows);
        all.RequireStill(start - 1, count + 2);
        return count;
    }
}
