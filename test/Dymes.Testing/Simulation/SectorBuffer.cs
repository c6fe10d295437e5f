namespace Dymes.Testing.Simulation;

/// <summary>Bytes of a file that grow as needed; what was never written is zero.</summary>
internal sealed class SectorBuffer
{
    private byte[] _bytes = [];

    public long Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, (int)Length);

    public SectorBuffer Copy()
    {
        var copy = new SectorBuffer();
        copy.Write(Bytes, 0);
        return copy;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (offset + bytes.Length > Length)
        {
            SetLength(offset + bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan((int)offset));
    }

    public void SetLength(long length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, checked((int)Math.Max(length, _bytes.Length * 2L)));
        }

        if (length < Length)
        {
            _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        }

        Length = length;
    }

    public void Flip(long bit) => _bytes[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
}
