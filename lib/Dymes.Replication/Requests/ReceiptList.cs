using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Replication.Requests;

/// <summary>
/// Receipts as bytes: the answer to a batch of requests, one receipt a message; and, with an entry, those that do not follow from its frames. Little-endian, 48 bytes each behind a head
/// of 16.
/// </summary>
internal static class ReceiptList
{
    private const int HeadBytes = 16;
    private const int ReceiptBytes = 48;

    /// <summary>Writes all receipts.</summary>
    public static byte[] Write(ReadOnlySpan<AppendReceipt> receipts) => Write(receipts, static _ => true);

    /// <summary>Writes the receipts of messages that an entry does not append; empty where it appends all.</summary>
    public static byte[] WriteRefusals(ReadOnlySpan<AppendReceipt> receipts) =>
        HasRefusals(receipts) ? Write(receipts, static receipt => receipt.Outcome != AppendOutcome.Appended) : [];

    /// <summary>The most bytes that receipts of so many messages take.</summary>
    public static int BytesMax(int messages) => HeadBytes + (messages * ReceiptBytes);

    /// <summary>Reads receipts. Null where the bytes are not such a list.</summary>
    /// <param name="bytes">What was written.</param>
    /// <param name="appended">Those that are not in it, in order.</param>
    public static AppendReceipt[]? TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<AppendReceipt> appended)
    {
        if (bytes.Length < HeadBytes || (bytes.Length - HeadBytes) % ReceiptBytes != 0)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (count != (uint)((bytes.Length - HeadBytes) / ReceiptBytes) + (uint)appended.Length || count > EntryLimits.MessagesMax)
        {
            return null;
        }

        var receipts = new AppendReceipt[count];
        var next = bytes[HeadBytes..];
        for (var i = 0; i < receipts.Length; i++)
        {
            if (!next.IsEmpty && BinaryPrimitives.ReadUInt32LittleEndian(next[4..]) == (uint)i)
            {
                receipts[i] = Read(next);
                next = next[ReceiptBytes..];
            }
            else if (!appended.IsEmpty)
            {
                receipts[i] = appended[0];
                appended = appended[1..];
            }
            else
            {
                return null; // the places are out of order
            }
        }

        return receipts;
    }

    private static bool HasRefusals(ReadOnlySpan<AppendReceipt> receipts)
    {
        foreach (var receipt in receipts)
        {
            if (receipt.Outcome != AppendOutcome.Appended)
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Write(ReadOnlySpan<AppendReceipt> receipts, Func<AppendReceipt, bool> isGiven)
    {
        var given = 0;
        foreach (var receipt in receipts)
        {
            given += isGiven(receipt) ? 1 : 0;
        }

        var bytes = new byte[HeadBytes + (given * ReceiptBytes)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)receipts.Length);
        var next = bytes.AsSpan(HeadBytes);
        for (var i = 0; i < receipts.Length; i++)
        {
            if (isGiven(receipts[i]))
            {
                Write(receipts[i], (uint)i, next);
                next = next[ReceiptBytes..];
            }
        }

        return bytes;
    }

    private static void Write(AppendReceipt receipt, uint place, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)receipt.Outcome);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], place);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], receipt.Lsn.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], receipt.ChannelVersion);
        receipt.Id.Write(bytes[32..]);
    }

    private static AppendReceipt Read(ReadOnlySpan<byte> bytes) => new(
        (AppendOutcome)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        MessageId.Read(bytes[32..]),
        new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
}
