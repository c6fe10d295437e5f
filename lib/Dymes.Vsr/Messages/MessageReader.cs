using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.Vsr.Messages;

/// <summary>Reads the fields of a message whose header is sound. Nothing is allocated before its size is known to be in the bytes.</summary>
internal readonly ref struct MessageReader(Envelope envelope, ReadOnlyMemory<byte> bytes, int fieldBytes)
{
    private readonly ReadOnlySpan<byte> _fields = bytes.Span[MessageCodec.HeaderBytes..fieldBytes];
    private readonly ReadOnlyMemory<byte> _entries = bytes[fieldBytes..];

    public MessageFault TryRead(MessageKind kind, out VsrMessage? message)
    {
        message = null;
        if (envelope.From.Value >= VsrLimits.ReplicasMax)
        {
            return MessageFault.Field;
        }

        switch (kind)
        {
            case MessageKind.Prepare:
                return TryReadPrepare(out message);
            case MessageKind.NewState:
                return TryReadNewState(out message);
            case MessageKind.DoViewChange or MessageKind.StartView:
                return TryReadSuffix(kind, out message);
            case MessageKind.PrepareOk or MessageKind.Commit or MessageKind.GetState or MessageKind.Recover:
                return Has(32) ? Keep(ReadWide(kind), out message) : MessageFault.Size;
            case MessageKind.RecoverReply:
                return Has(16 + Incarnations.SizeBytes) ? Keep(ReadRecoverReply(), out message) : MessageFault.Size;
            case MessageKind.StartViewChange:
                return Has(0) ? Keep(new StartViewChange(envelope), out message) : MessageFault.Size;
            case MessageKind.PreVote or MessageKind.PreVoteReply or MessageKind.GetStartView or MessageKind.GetReadOp or MessageKind.ReadOp:
                return Has(16) ? Keep(ReadNarrow(kind), out message) : MessageFault.Size;
            default:
                return MessageFault.Kind;
        }
    }

    private MessageFault TryReadPrepare(out VsrMessage? message)
    {
        message = null;
        if (_fields.Length != 16)
        {
            return MessageFault.Size;
        }

        return LogEntry.TryRead(_entries) is { } entry ? Keep(new Prepare(envelope, entry, Number(0)), out message) : MessageFault.Entry;
    }

    private MessageFault TryReadNewState(out VsrMessage? message)
    {
        message = null;
        if (_fields.Length != 32)
        {
            return MessageFault.Size;
        }

        var count = Number(2);
        if (count > VsrLimits.TransferEntriesMax || Number(3) > uint.MaxValue)
        {
            return MessageFault.Field;
        }

        var entries = new List<LogEntry>();
        var rest = _entries;
        while (!rest.IsEmpty && (ulong)entries.Count < count)
        {
            if (NextEntry(rest) is not { } entry || (entries.Count > 0 && entry.Op != entries[^1].Op + 1))
            {
                return MessageFault.Entry;
            }

            entries.Add(entry);
            rest = rest[(int)entry.Header.SizeBytes..];
        }

        return rest.IsEmpty && (ulong)entries.Count == count ? Keep(new NewState(envelope, Number(0), Number(1), View(3), entries), out message) : MessageFault.Size;
    }

    private MessageFault TryReadSuffix(MessageKind kind, out VsrMessage? message)
    {
        message = null;
        if (!_entries.IsEmpty || _fields.Length < 32)
        {
            return MessageFault.Size;
        }

        var count = Number(1);
        if (count is 0 or > VsrLimits.PipelineEntriesMax + 1 || Number(0) > ulong.MaxValue - count || (kind == MessageKind.DoViewChange && Number(2) > uint.MaxValue))
        {
            return MessageFault.Field;
        }

        var before = kind == MessageKind.DoViewChange ? 32 + Incarnations.SizeBytes : 32;
        if (_fields.Length != before + ((int)count * Checksum.SizeBytes))
        {
            return MessageFault.Size;
        }

        var checksums = new UInt128[count];
        for (var i = 0; i < checksums.Length; i++)
        {
            checksums[i] = BinaryPrimitives.ReadUInt128LittleEndian(_fields[(before + (i * Checksum.SizeBytes))..]);
        }

        var suffix = new LogSuffix(Number(0), checksums);
        return Keep(kind == MessageKind.DoViewChange ? new DoViewChange(envelope, View(2), ReadIncarnations(32), suffix) : new StartView(envelope, suffix, Number(2)), out message);
    }

    private VsrMessage? ReadWide(MessageKind kind) => kind switch
    {
        MessageKind.PrepareOk when Number(2) <= 1 => new PrepareOk(envelope, Number(0), Number(1)) { IsFull = Number(2) == 1 },
        MessageKind.Commit => new Commit(envelope, Number(0), Number(1), Number(2)),
        MessageKind.GetState => new GetState(envelope, Number(0), Number(1), Number(2)),
        MessageKind.Recover when Number(1) <= (ulong)Standing.Member && Number(2) <= uint.MaxValue => new Recover(envelope, Number(0), (uint)Number(2), (Standing)Number(1)),
        _ => null,
    };

    private RecoverReply? ReadRecoverReply() =>
        Number(1) <= (ulong)Standing.Member ? new RecoverReply(envelope, Number(0), (Standing)Number(1), ReadIncarnations(16)) : null;

    private Incarnations ReadIncarnations(int offset)
    {
        Span<uint> numbers = stackalloc uint[VsrLimits.ReplicasMax];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadUInt32LittleEndian(_fields[(offset + (i * sizeof(uint)))..]);
        }

        return Incarnations.Of(numbers);
    }

    private VsrMessage? ReadNarrow(MessageKind kind) => kind switch
    {
        MessageKind.PreVote when Number(0) <= uint.MaxValue => new PreVote(envelope, View(0)),
        MessageKind.PreVoteReply when Number(0) <= uint.MaxValue && Number(1) <= 1 => new PreVoteReply(envelope, View(0), Number(1) == 1),
        MessageKind.GetStartView => new GetStartView(envelope, Number(0)),
        MessageKind.GetReadOp => new GetReadOp(envelope, Number(0)),
        MessageKind.ReadOp => new ReadOp(envelope, Number(0), Number(1)),
        _ => null,
    };

    private bool Has(int bytes) => _fields.Length == bytes && _entries.IsEmpty;

    private ulong Number(int place) => BinaryPrimitives.ReadUInt64LittleEndian(_fields[(8 * place)..]);

    private ViewNumber View(int place) => new((uint)Number(place));

    // The header says how long the entry is.
    private static LogEntry? NextEntry(ReadOnlyMemory<byte> bytes)
    {
        if (!EntryHeader.TryRead(bytes.Span, out var header, out _) || header.SizeBytes > (uint)bytes.Length)
        {
            return null;
        }

        return LogEntry.TryRead(bytes[..(int)header.SizeBytes]);
    }

    private static MessageFault Keep(VsrMessage? read, out VsrMessage? message)
    {
        message = read;
        return read is null ? MessageFault.Field : MessageFault.None;
    }
}
