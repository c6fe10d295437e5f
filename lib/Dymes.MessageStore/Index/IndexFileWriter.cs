using System.Runtime.InteropServices;
using System.Text;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore.Index;

/// <summary>Writes the index file of a segment that grows no more: under a temporary name, flushed, renamed, so that there is none or a whole one.</summary>
internal sealed class IndexFileWriter
{
    private readonly IndexBlockWriter _blocks;
    private readonly SectionPlace[] _sections = new SectionPlace[IndexFileLayout.SectionCount];

    private IndexFileWriter(IDataFile file) => _blocks = new IndexBlockWriter(file);

    public static void Write(
        IFileSystem files, string path, FileHeader messageFile, IndexSummary summary, ActiveIndex index, ReadOnlySpan<EntryPlace> entries, bool flushes)
    {
        InvariantViolation.Assert(BitConverter.IsLittleEndian, "index files are written as they lie in the memory of a little-endian machine");
        var temporary = path + ".tmp";
        using (var file = files.Open(temporary, DataFileMode.Create))
        {
            var writer = new IndexFileWriter(file);
            writer.WriteRows(index, entries);
            writer.WriteChannels(index);
            writer.WriteParents(index);
            writer.WriteIdempotencyKeys(index);
            var head = new byte[IndexFileLayout.SectionsOffset];
            (messageFile with { Kind = FileKind.Index }).Write(head);
            new IndexHead(summary, writer._sections, writer._blocks.Finish()).Write(head);
            file.Write(head, 0);
            if (flushes)
            {
                file.Flush();
            }
        }

        files.Rename(temporary, path);
        if (flushes)
        {
            files.FlushDirectory(Path.GetDirectoryName(path)!);
        }
    }

    private void WriteRows(ActiveIndex index, ReadOnlySpan<EntryPlace> entries)
    {
        var count = index.Count;
        var locations = new FrameLocation[count];
        var ids = new UInt128[count];
        for (var row = 0; row < count; row++)
        {
            locations[row] = index.LocationAt(row);
            ids[row] = index.IdAt(row).Value;
        }

        WriteSection<FrameLocation>(IndexSection.Locations, locations);
        WriteSection<UInt128>(IndexSection.Ids, ids);
        WriteSection<EntryPlace>(IndexSection.Entries, entries);

        var sorted = index.IsInIdOrder ? [] : Enumerable.Range(0, count).ToArray();
        if (sorted.Length > 0)
        {
            Array.Sort(ids, sorted);
        }

        WriteSection<int>(IndexSection.IdOrder, sorted);
    }

    private void WriteChannels(ActiveIndex index)
    {
        var channels = index.Channels;
        var ordinals = SortedByKey(channels, out var keys);
        var records = new ChannelRecord[ordinals.Length];
        var rows = new int[index.Count];
        using var names = new MemoryStream();
        var rowsStart = 0;
        for (var i = 0; i < ordinals.Length; i++)
        {
            var entry = index.EntryAt(ordinals[i]);
            var name = entry.Name is null ? [] : Encoding.UTF8.GetBytes(entry.Name);
            channels.CopyAscending(ordinals[i], 0, rows.AsSpan(rowsStart, entry.Count));
            records[i] = new ChannelRecord(
                (ulong)keys[i], (ulong)(keys[i] >> 64), (ulong)entry.FirstId.Value, (ulong)(entry.FirstId.Value >> 64), entry.FirstLsn.Value, entry.BaseCount,
                rowsStart, entry.Count, (int)names.Length, name.Length);
            names.Write(name);
            rowsStart += entry.Count;
        }

        WriteSection<ChannelRecord>(IndexSection.Channels, records);
        WriteSection<int>(IndexSection.ChannelRows, rows.AsSpan(0, rowsStart));
        WriteSection<byte>(IndexSection.ChannelNames, names.ToArray());
        WriteSection<byte>(IndexSection.ChannelFilter, KeyFilter.Of(keys));
    }

    private void WriteParents(ActiveIndex index)
    {
        var children = index.Children;
        var ordinals = SortedByKey(children, out var keys);
        var records = new ParentRecord[ordinals.Length];
        var rows = new int[index.Count];
        var rowsStart = 0;
        for (var i = 0; i < ordinals.Length; i++)
        {
            var count = children.CountAt(ordinals[i]);
            children.CopyAscending(ordinals[i], 0, rows.AsSpan(rowsStart, count));
            records[i] = new ParentRecord((ulong)keys[i], (ulong)(keys[i] >> 64), rowsStart, count);
            rowsStart += count;
        }

        WriteSection<ParentRecord>(IndexSection.Parents, records);
        WriteSection<int>(IndexSection.ChildRows, rows.AsSpan(0, rowsStart));
        WriteSection<byte>(IndexSection.ParentFilter, KeyFilter.Of(keys));
    }

    private void WriteIdempotencyKeys(ActiveIndex index)
    {
        var records = index.IdempotencyRecords
            .Select(record => new IdempotencyFileRecord((ulong)record.Key, (ulong)(record.Key >> 64), record.Row, record.Count))
            .ToArray();
        WriteSection<IdempotencyFileRecord>(IndexSection.IdempotencyKeys, records);
    }

    private static int[] SortedByKey(ChainTable chains, out UInt128[] keys)
    {
        var ordinals = Enumerable.Range(0, chains.KeyCount).ToArray();
        keys = Array.ConvertAll(ordinals, chains.KeyAt);
        Array.Sort(keys, ordinals);
        return ordinals;
    }

    private void WriteSection<T>(IndexSection section, ReadOnlySpan<T> records)
        where T : unmanaged => _sections[(int)section] = _blocks.Write(MemoryMarshal.AsBytes(records));
}
