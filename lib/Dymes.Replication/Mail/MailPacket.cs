using System.Buffers.Binary;
using Dymes.Vsr;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Mail;

/// <summary>
/// Messages, requests and answers from one member to another as bytes, back to back, so that many travel as one. Little-endian; in front of each: size (4), kind (1), zeros up to 16. What
/// is read keeps the bytes, and copies nothing.
/// </summary>
public static class MailPacket
{
    private const int HeadBytes = 16;
    private const int RequestBytes = 64;
    private const int ReplyBytes = 64;

    /// <summary>The bytes that a message takes.</summary>
    public static int SizeOf(VsrMessage message) => HeadBytes + MessageCodec.SizeOf(message);

    /// <summary>The bytes that a request takes.</summary>
    public static int SizeOf(ClientRequest request) => HeadBytes + RequestBytes + request.Body.Length;

    /// <summary>The bytes that an answer takes.</summary>
    public static int SizeOf(ClientReply reply) => HeadBytes + ReplyBytes + reply.Body.Length;

    /// <summary>Writes a message; returns the number of bytes.</summary>
    public static int Write(VsrMessage message, Span<byte> bytes)
    {
        var size = Begin(bytes, SizeOf(message), MailKind.Message);
        MessageCodec.Write(message, bytes[HeadBytes..]);
        return size;
    }

    /// <summary>Writes a request; returns the number of bytes.</summary>
    public static int Write(ClientRequest request, Span<byte> bytes)
    {
        var size = Begin(bytes, SizeOf(request), MailKind.Request);
        var fields = bytes[HeadBytes..];
        fields[..RequestBytes].Clear();
        BinaryPrimitives.WriteUInt128LittleEndian(fields, request.Client.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(fields[16..], request.Session);
        BinaryPrimitives.WriteUInt64LittleEndian(fields[24..], request.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(fields[32..], request.View.Value);
        request.Body.Span.CopyTo(fields[RequestBytes..]);
        return size;
    }

    /// <summary>Writes an answer; returns the number of bytes.</summary>
    public static int Write(ClientReply reply, Span<byte> bytes)
    {
        var size = Begin(bytes, SizeOf(reply), MailKind.Reply);
        var fields = bytes[HeadBytes..];
        fields[..ReplyBytes].Clear();
        BinaryPrimitives.WriteUInt128LittleEndian(fields, reply.Client.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(fields[16..], reply.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(fields[24..], reply.Session);
        BinaryPrimitives.WriteUInt64LittleEndian(fields[32..], reply.Op);
        BinaryPrimitives.WriteUInt32LittleEndian(fields[40..], reply.View.Value);
        fields[44] = (byte)reply.Outcome;
        reply.Body.Span.CopyTo(fields[ReplyBytes..]);
        return size;
    }

    /// <summary>Hands everything in a packet to a member of the group. False where the packet cannot be read: what came before the fault is handed over.</summary>
    public static bool Deliver(ReadOnlyMemory<byte> packet, ReplicatedLog to)
    {
        while (!packet.IsEmpty)
        {
            var bytes = packet.Span;
            if (bytes.Length < HeadBytes)
            {
                return false;
            }

            var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (size < HeadBytes || size > (uint)bytes.Length || !DeliverOne((MailKind)bytes[4], packet[HeadBytes..(int)size], to))
            {
                return false;
            }

            packet = packet[(int)size..];
        }

        return true;
    }

    private static bool DeliverOne(MailKind kind, ReadOnlyMemory<byte> bytes, ReplicatedLog to)
    {
        switch (kind)
        {
            case MailKind.Message when MessageCodec.TryRead(bytes, out var message) == MessageFault.None:
                to.Receive(message!);
                return true;
            case MailKind.Request when bytes.Length >= RequestBytes:
                to.Receive(ReadRequest(bytes));
                return true;
            case MailKind.Reply when bytes.Length >= ReplyBytes && bytes.Span[44] <= (byte)ReplyOutcome.DiskFull:
                to.Receive(ReadReply(bytes));
                return true;
            default:
                return false;
        }
    }

    private static ClientRequest ReadRequest(ReadOnlyMemory<byte> bytes)
    {
        var fields = bytes.Span;
        return new ClientRequest(
            new ClientId(BinaryPrimitives.ReadUInt128LittleEndian(fields)),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[24..]),
            bytes[RequestBytes..])
        {
            View = new ViewNumber(BinaryPrimitives.ReadUInt32LittleEndian(fields[32..])),
        };
    }

    private static ClientReply ReadReply(ReadOnlyMemory<byte> bytes)
    {
        var fields = bytes.Span;
        return new ClientReply(
            new ClientId(BinaryPrimitives.ReadUInt128LittleEndian(fields)), BinaryPrimitives.ReadUInt64LittleEndian(fields[16..]), (ReplyOutcome)fields[44])
        {
            Session = BinaryPrimitives.ReadUInt64LittleEndian(fields[24..]),
            Op = BinaryPrimitives.ReadUInt64LittleEndian(fields[32..]),
            View = new ViewNumber(BinaryPrimitives.ReadUInt32LittleEndian(fields[40..])),
            Body = bytes[ReplyBytes..],
        };
    }

    private static int Begin(Span<byte> bytes, int size, MailKind kind)
    {
        bytes[..HeadBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)size);
        bytes[4] = (byte)kind;
        return size;
    }

    private enum MailKind : byte
    {
        Message = 1,
        Request = 2,
        Reply = 3,
    }
}
