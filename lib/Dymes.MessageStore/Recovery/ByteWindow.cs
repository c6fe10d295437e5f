using Dymes.Common;
using Dymes.MessageStore.Files;

namespace Dymes.MessageStore.Recovery;

/// <summary>A file read from front to back through one buffer: any span that fits in it, at any offset from the last one on.</summary>
internal sealed class ByteWindow(IDataFile file)
{
    private const int ReadBytes = 1 << 20;
    private byte[] _buffer = new byte[(int)Math.Clamp(file.Length, EntryLimits.HeaderBytes, ReadBytes)];
    private long _start;
    private int _length;

    /// <summary>The bytes at an offset: as many as asked for, or fewer at the end of the file.</summary>
    public ReadOnlySpan<byte> At(long offset, int bytes)
    {
        if (offset < _start || offset + bytes > _start + _length)
        {
            Fill(offset, bytes);
        }

        var from = (int)(offset - _start);
        return _buffer.AsSpan(from, Math.Max(0, Math.Min(bytes, _length - from)));
    }

    private void Fill(long offset, int bytes)
    {
        if (bytes > _buffer.Length)
        {
            _buffer = new byte[bytes + ReadBytes];
        }

        _start = offset;
        _length = file.Read(_buffer, offset);
    }
}
