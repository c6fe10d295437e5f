using Dymes.Common;

namespace Dymes.Vsr;

/// <summary>An entry of the log: its header, the header's checksum (which the next entry names as its parent's), and its body. The same bytes on every replica.</summary>
public sealed class LogEntry
{
    private readonly EntryHeader _header;

    private LogEntry(in EntryHeader header, UInt128 checksum, ReadOnlyMemory<byte> body)
    {
        _header = header;
        Checksum = checksum;
        Body = body;
    }

    /// <summary>The header.</summary>
    public ref readonly EntryHeader Header => ref _header;

    /// <summary>The checksum of the header.</summary>
    public UInt128 Checksum { get; }

    /// <summary>The body. Whoever holds the entry may read it at any time; nobody may change it.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The entry's position, 1, 2, 3, …</summary>
    public ulong Op => _header.Op;

    /// <summary>The position of the first message behind the entry.</summary>
    public Lsn EndLsn => new(_header.FirstLsn.Value + _header.MessageCount);

    /// <summary>The body's frames.</summary>
    public ReadOnlyMemory<byte> Frames => Body[.._header.FrameBytes];

    /// <summary>The answer behind the frames; empty where the frames tell it.</summary>
    public ReadOnlyMemory<byte> Answer => Body[^(int)_header.AnswerBytes..];

    /// <summary>Makes an entry: the size, the body's checksum and, where all of the body is an answer, its size are put into the header.</summary>
    public static LogEntry Seal(in EntryHeader header, ReadOnlyMemory<byte> body)
    {
        InvariantViolation.Assert(body.Length <= EntryLimits.BodyBytesMax && body.Length % EntryLimits.AlignmentBytes == 0, "an entry's body has at most 4 MiB and is a multiple of 16 bytes");
        var complete = header with
        {
            BodyChecksum = Common.Checksum.Of(body.Span),
            SizeBytes = (uint)(EntryLimits.HeaderBytes + body.Length),
            AnswerBytes = header.Kind == EntryKind.Answer ? (uint)body.Length : header.AnswerBytes,
        };
        InvariantViolation.Assert(complete.AnswerBytes <= body.Length && complete.AnswerBytes % EntryLimits.AlignmentBytes == 0, "an entry's answer is within its body and a multiple of 16 bytes");
        Span<byte> bytes = stackalloc byte[EntryLimits.HeaderBytes];
        var checksum = complete.Write(bytes);
        return new LogEntry(complete, checksum, body);
    }

    /// <summary>Reads an entry: header and body back to back, as <see cref="Write"/> made them. Null where a checksum or a size is not right. The body is not copied.</summary>
    public static LogEntry? TryRead(ReadOnlyMemory<byte> bytes) =>
        EntryHeader.TryRead(bytes.Span, out var header, out var checksum) && header.SizeBytes == (uint)bytes.Length
            ? Join(header, checksum, bytes[EntryLimits.HeaderBytes..])
            : null;

    /// <summary>Writes header and body; returns the number of bytes.</summary>
    public int Write(Span<byte> bytes)
    {
        _header.Write(bytes);
        Body.Span.CopyTo(bytes[EntryLimits.HeaderBytes..]);
        return (int)_header.SizeBytes;
    }

    private static LogEntry? Join(in EntryHeader header, UInt128 checksum, ReadOnlyMemory<byte> body) =>
        header.BodyChecksum == Common.Checksum.Of(body.Span) ? new LogEntry(header, checksum, body) : null;
}
