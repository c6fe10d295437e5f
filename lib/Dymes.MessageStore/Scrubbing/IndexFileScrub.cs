using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Scrubbing;

/// <summary>Checks an index file as it is on the disk, a piece at a time.</summary>
/// <param name="path">Where it is.</param>
/// <param name="file">It, open.</param>
/// <param name="reader">Reads it.</param>
internal sealed class IndexFileScrub(string path, IDataFile file, DiskReader reader)
{
    private const int BlocksPerPiece = DiskReader.PieceBytes / StoreLimits.IndexBlockBytes;
    private byte[] _checksums = [];
    private int _nextBlock = -1; // the head comes first
    private int _end;

    /// <summary>Whether there are blocks that were not checked yet.</summary>
    public bool HasMore => _nextBlock * Checksum.SizeBytes < _checksums.Length;

    /// <summary>Checks the next blocks. Returns how many bytes were read.</summary>
    /// <exception cref="IndexDamagedException">Some byte is not what was written.</exception>
    public int CheckPiece()
    {
        if (_nextBlock < 0)
        {
            return CheckHead();
        }

        var first = _nextBlock;
        var last = Math.Min(first + BlocksPerPiece, _checksums.Length / Checksum.SizeBytes) - 1;
        var start = IndexFileLayout.StartOf(first);
        var bytes = reader.Read(file, start, EndOf(last) - start);
        for (; _nextBlock <= last; _nextBlock++)
        {
            var (from, to) = (IndexFileLayout.StartOf(_nextBlock) - start, EndOf(_nextBlock) - start);
            var expected = BinaryPrimitives.ReadUInt128LittleEndian(_checksums.AsSpan(_nextBlock * Checksum.SizeBytes));
            Require(to <= bytes.Length && Checksum.Of(bytes[from..to]) == expected, "a block", start + from);
        }

        return bytes.Length;
    }

    private int CheckHead()
    {
        var bytes = reader.Read(file, 0, IndexFileLayout.SectionsOffset);
        Require(bytes.Length == IndexFileLayout.SectionsOffset && FileHeader.Read(bytes, path) is not null, "the header", 0);
        var head = IndexHead.TryRead(bytes, file.Length);
        Require(head is not null, "the head", 0);
        var (place, checksum) = (head!.Blocks.Place, head.Blocks.Checksum);
        _checksums = reader.Read(file, place.Offset, place.Length).ToArray();
        Require(_checksums.Length == place.Length && Checksum.Of(_checksums) == checksum, "the table of checksums", place.Offset);
        (_nextBlock, _end) = (0, place.Offset);
        return IndexFileLayout.SectionsOffset + _checksums.Length;
    }

    private int EndOf(int block) => Math.Min(_end, (block + 1) * StoreLimits.IndexBlockBytes);

    private void Require(bool holds, string part, long offset)
    {
        if (!holds)
        {
            throw new IndexDamagedException(path, part, offset);
        }
    }
}
