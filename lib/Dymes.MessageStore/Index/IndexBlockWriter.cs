using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;

namespace Dymes.MessageStore.Index;

/// <summary>Writes the sections of an index file block by block, and behind them the checksums of the blocks.</summary>
internal sealed class IndexBlockWriter(IDataFile file)
{
    private readonly byte[] _block = new byte[StoreLimits.IndexBlockBytes];
    private readonly List<UInt128> _checksums = [];
    private int _end = IndexFileLayout.SectionsOffset;

    /// <summary>Writes one section at the next place where one may begin.</summary>
    public SectionPlace Write(ReadOnlySpan<byte> section)
    {
        Align();
        var place = new SectionPlace(_end, section.Length);
        Append(section);
        return place;
    }

    /// <summary>Writes the last block and the checksums of all.</summary>
    public BlockTablePlace Finish()
    {
        Align();
        if (_end % _block.Length > 0)
        {
            WriteBlock();
        }

        var table = new byte[_checksums.Count * Checksum.SizeBytes];
        for (var i = 0; i < _checksums.Count; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(table.AsSpan(i * Checksum.SizeBytes), _checksums[i]);
        }

        file.Write(table, _end);
        return new BlockTablePlace(new SectionPlace(_end, table.Length), Checksum.Of(table));
    }

    private void Align() => Append(stackalloc byte[-_end & (IndexFileLayout.SectionAlignment - 1)]);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var used = _end % _block.Length;
            var taken = Math.Min(bytes.Length, _block.Length - used);
            bytes[..taken].CopyTo(_block.AsSpan(used));
            bytes = bytes[taken..];
            _end = checked(_end + taken);
            if (_end % _block.Length == 0)
            {
                WriteBlock();
            }
        }
    }

    // The last block ends where the sections end; all others are full.
    private void WriteBlock()
    {
        var start = IndexFileLayout.StartOf(_checksums.Count);
        var bytes = _block.AsSpan(start % _block.Length, _end - start);
        _checksums.Add(Checksum.Of(bytes));
        file.Write(bytes, start);
    }
}
