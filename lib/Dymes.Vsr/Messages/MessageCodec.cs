using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.Vsr.Messages;

/// <summary>
/// Messages as bytes: little-endian, with a version and a checksum. The checksum covers all but the entries, which have their own; bodies of entries are not copied when a message is
/// read.
/// </summary>
public static class MessageCodec
{
    /// <summary>The bytes before a message's own fields.</summary>
    public const int HeaderBytes = 64;

    /// <summary>The number of bytes of a message.</summary>
    public static int SizeOf(VsrMessage message) => message switch
    {
        Prepare it => HeaderBytes + 16 + (int)it.Entry.Header.SizeBytes,
        NewState it => HeaderBytes + 32 + SizeOf(it.Entries),
        DoViewChange it => HeaderBytes + 32 + Incarnations.SizeBytes + (it.Suffix.Checksums.Length * Checksum.SizeBytes),
        StartView it => HeaderBytes + 32 + (it.Suffix.Checksums.Length * Checksum.SizeBytes),
        PrepareOk or Commit or GetState or Recover => HeaderBytes + 32,
        RecoverReply => HeaderBytes + 16 + Incarnations.SizeBytes,
        StartViewChange => HeaderBytes,
        _ => HeaderBytes + 16,
    };

    /// <summary>Writes a message; returns the number of bytes.</summary>
    public static int Write(VsrMessage message, Span<byte> bytes)
    {
        var size = SizeOf(message);
        bytes = bytes[..size];
        var fields = size - EntryBytes(message);
        bytes[..fields].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], (uint)size);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[20..], VsrLimits.MessageVersion);
        bytes[22] = (byte)message.Kind;
        bytes[23] = message.From.Value;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], message.Envelope.Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], message.View.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[32..], message.Envelope.ClusterId);
        WriteFields(message, bytes[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[48..], (uint)fields);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes[16..fields]));
        return size;
    }

    /// <summary>Reads a message. Its entries keep the bytes: whoever owns them must leave them alone from here on.</summary>
    /// <param name="bytes">Exactly one message.</param>
    /// <param name="message">The message, where there is no fault.</param>
    public static MessageFault TryRead(ReadOnlyMemory<byte> bytes, out VsrMessage? message)
    {
        message = null;
        var span = bytes.Span;
        if (span.Length is < HeaderBytes or > VsrLimits.MessageBytesMax || BinaryPrimitives.ReadUInt32LittleEndian(span[16..]) != (uint)span.Length)
        {
            return MessageFault.Size;
        }

        var fields = BinaryPrimitives.ReadUInt32LittleEndian(span[48..]);
        if (fields < HeaderBytes || fields > (uint)span.Length)
        {
            return MessageFault.Size;
        }

        if (BinaryPrimitives.ReadUInt128LittleEndian(span) != Checksum.Of(span[16..(int)fields]))
        {
            return MessageFault.Checksum;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(span[20..]) != VsrLimits.MessageVersion)
        {
            return MessageFault.Version;
        }

        var envelope = new Envelope(
            BinaryPrimitives.ReadUInt128LittleEndian(span[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(span[24..]),
            new ReplicaNumber(span[23]),
            new ViewNumber(BinaryPrimitives.ReadUInt32LittleEndian(span[28..])));
        return new MessageReader(envelope, bytes, (int)fields).TryRead((MessageKind)span[22], out message);
    }

    private static int EntryBytes(VsrMessage message) => message switch
    {
        Prepare it => (int)it.Entry.Header.SizeBytes,
        NewState it => SizeOf(it.Entries),
        _ => 0,
    };

    private static int SizeOf(IReadOnlyList<LogEntry> entries)
    {
        var bytes = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            bytes += (int)entries[i].Header.SizeBytes;
        }

        return bytes;
    }

    private static void WriteFields(VsrMessage message, Span<byte> bytes)
    {
        switch (message)
        {
            case Prepare it:
                Put(bytes, it.CommitOp);
                it.Entry.Write(bytes[16..]);
                break;
            case PrepareOk it:
                Put(bytes, it.Op, it.Round, it.IsFull ? 1UL : 0UL);
                break;
            case Commit it:
                Put(bytes, it.CommitOp, it.LastOp, it.Round);
                break;
            case PreVote it:
                Put(bytes, it.Candidate.Value);
                break;
            case PreVoteReply it:
                Put(bytes, it.Candidate.Value, it.IsGranted ? 1UL : 0UL);
                break;
            case DoViewChange it:
                Put(bytes, it.Suffix.BaseOp, (ulong)it.Suffix.Checksums.Length, it.LogView.Value);
                Put(bytes[32..], it.Incarnations);
                Put(bytes[(32 + Incarnations.SizeBytes)..], it.Suffix);
                break;
            case StartView it:
                Put(bytes, it.Suffix.BaseOp, (ulong)it.Suffix.Checksums.Length, it.Nonce);
                Put(bytes[32..], it.Suffix);
                break;
            case GetStartView it:
                Put(bytes, it.Nonce);
                break;
            case GetState it:
                Put(bytes, it.Number, it.FromOp, it.ToOp);
                break;
            case NewState it:
                Put(bytes, it.Number, it.CommitOp, (ulong)it.Entries.Count, it.LogView.Value);
                Put(bytes[32..], it.Entries);
                break;
            case Recover it:
                Put(bytes, it.Nonce, (ulong)it.Standing, it.Incarnation);
                break;
            case RecoverReply it:
                Put(bytes, it.Nonce, (ulong)it.Standing);
                Put(bytes[16..], it.Incarnations);
                break;
            case GetReadOp it:
                Put(bytes, it.Number);
                break;
            case ReadOp it:
                Put(bytes, it.Number, it.Op);
                break;
        }
    }

    private static void Put(Span<byte> bytes, params ReadOnlySpan<ulong> fields)
    {
        foreach (var field in fields)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, field);
            bytes = bytes[sizeof(ulong)..];
        }
    }

    private static void Put(Span<byte> bytes, Incarnations incarnations)
    {
        Span<uint> numbers = stackalloc uint[VsrLimits.ReplicasMax];
        incarnations.CopyTo(numbers);
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
            bytes = bytes[sizeof(uint)..];
        }
    }

    private static void Put(Span<byte> bytes, LogSuffix suffix)
    {
        foreach (var checksum in suffix.Checksums)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, checksum);
            bytes = bytes[Checksum.SizeBytes..];
        }
    }

    private static void Put(Span<byte> bytes, IReadOnlyList<LogEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            bytes = bytes[entries[i].Write(bytes)..];
        }
    }
}
