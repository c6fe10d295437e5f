using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;

namespace Dymes.MessageStore.Index;

/// <summary>
/// The sections of an index file, cut into blocks that are checked when they are first touched: a lookup reads the few blocks that it needs, and after that costs what memory
/// costs. The bytes may go bad after that, where a page is read anew: whoever leaves something out of an answer because of them has them checked again. Two threads that check one
/// block at once come to the same verdict.
/// </summary>
internal sealed class IndexBlocks(string path, IFileView view, BlockTablePlace table)
{
    private readonly bool[] _isChecked = new bool[table.Place.Length / Checksum.SizeBytes];
    private bool _isTableChecked;

    /// <summary>The bytes of a section, none of which is checked yet.</summary>
    public ReadOnlySpan<byte> Unchecked(SectionPlace place) => view.Bytes.Slice(place.Offset, place.Length);

    /// <summary>Checks the block that holds a byte, unless that was done.</summary>
    /// <exception cref="IndexDamagedException">The block is damaged.</exception>
    public void Require(int offset)
    {
        var block = (uint)offset / StoreLimits.IndexBlockBytes;
        if (!_isChecked[block])
        {
            Check((int)block, (int)block);
        }
    }

    /// <summary>Checks the blocks that hold some bytes, unless that was done.</summary>
    /// <exception cref="IndexDamagedException">One of the blocks is damaged.</exception>
    public void Require(int offset, int length)
    {
        if (length == 0)
        {
            return;
        }

        var first = offset / StoreLimits.IndexBlockBytes;
        var last = (offset + length - 1) / StoreLimits.IndexBlockBytes;
        var rest = _isChecked.AsSpan(first..(last + 1)).IndexOf(false);
        if (rest >= 0)
        {
            Check(first + rest, last);
        }
    }

    /// <summary>Checks the blocks that hold some bytes, though that was done: a microsecond for each.</summary>
    /// <exception cref="IndexDamagedException">One of the blocks is damaged.</exception>
    public void RequireStill(int offset, int length)
    {
        if (length > 0)
        {
            CheckEach(offset / StoreLimits.IndexBlockBytes, (offset + length - 1) / StoreLimits.IndexBlockBytes, isAgain: true);
        }
    }

    /// <summary>Checks every block, those too that were read before: the disk may have changed since.</summary>
    /// <exception cref="IndexDamagedException">Some byte is not what was written.</exception>
    public void CheckAll()
    {
        _isTableChecked = false;
        Array.Clear(_isChecked);
        Check(0, _isChecked.Length - 1);
    }

    private void Check(int first, int last)
    {
        if (!_isTableChecked)
        {
            view.Expect(table.Place.Offset, table.Place.Length);
            Compare(Checksum.Of(Unchecked(table.Place)), table.Checksum, "the table of checksums", table.Place.Offset);
            _isTableChecked = true;
        }

        var start = IndexFileLayout.StartOf(first);
        view.Expect(start, EndOf(last) - start);
        CheckEach(first, last, isAgain: false);
    }

    private void CheckEach(int first, int last, bool isAgain)
    {
        var checksums = Unchecked(table.Place);
        for (var block = first; block <= last; block++)
        {
            if (isAgain || !_isChecked[block])
            {
                var start = IndexFileLayout.StartOf(block);
                var expected = BinaryPrimitives.ReadUInt128LittleEndian(checksums[(block * Checksum.SizeBytes)..]);
                Compare(Checksum.Of(view.Bytes[start..EndOf(block)]), expected, "a block", start);
                _isChecked[block] = true;
            }
        }
    }

    private int EndOf(int block) => Math.Min(table.Place.Offset, (block + 1) * StoreLimits.IndexBlockBytes);

    private void Compare(UInt128 found, UInt128 expected, string part, int offset)
    {
        if (found != expected)
        {
            throw new IndexDamagedException(path, part, offset);
        }
    }
}
