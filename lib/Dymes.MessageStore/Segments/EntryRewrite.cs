using Dymes.Common;

namespace Dymes.MessageStore.Segments;

/// <summary>A damaged entry is to be put back into its place.</summary>
/// <param name="segment">Its segment.</param>
/// <param name="offset">Its place.</param>
/// <param name="bytes">Header and body.</param>
internal sealed class EntryRewrite(Segment segment, long offset, byte[] bytes) : DiskWork
{
    public Segment Segment => segment;

    public long Offset => offset;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Heals the index, once the entry is on disk. With the gate held.</summary>
    public required Action Heal { get; init; }

    /// <summary>Header and body back to back.</summary>
    public static byte[] Join(in EntryHeader header, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[EntryLimits.HeaderBytes + body.Length];
        header.Write(bytes);
        body.CopyTo(bytes.AsSpan(EntryLimits.HeaderBytes));
        return bytes;
    }
}
