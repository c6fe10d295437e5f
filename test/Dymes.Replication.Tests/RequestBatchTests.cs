using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Replication.Requests;
using Dymes.Testing;

namespace Dymes.Replication.Tests;

public sealed class RequestBatchTests
{
    private static readonly AppendRequest Plain = MessageDraft.Request(new MessageDraft("a"), new MessageDraft("b") { ChannelName = "orders" });
    private static readonly AppendRequest Keyed = MessageDraft.Once("key", new MessageDraft("once"));

    [Fact]
    public void Requests_are_read_as_they_were_written()
    {
        var conditional = new AppendRequest { Frames = Plain.Frames, Count = 2, IsAtomic = true, AllowsMissingParents = true, Conditions = [new VersionCondition(0, 7), new VersionCondition(1, ulong.MaxValue)] };

        var read = RequestBatch.TryRead(RequestBatch.Write([Plain, Keyed, conditional]))!;

        Assert.Equal(3, read.Count);
        Assert.True(read[0].Frames.Span.SequenceEqual(Plain.Frames.Span));
        Assert.Equal((2, false, false, null), (read[0].Count, read[0].IsAtomic, read[0].AllowsMissingParents, read[0].IdempotencyKey));
        Assert.Equal((1, "key"), (read[1].Count, read[1].IdempotencyKey));
        Assert.Equal((true, true), (read[2].IsAtomic, read[2].AllowsMissingParents));
        Assert.Equal(conditional.Conditions, read[2].Conditions);
    }

    [Fact]
    public void The_largest_request_fits_into_one_of_the_group()
    {
        var frames = new byte[MessageLimits.RequestBytesMax];
        var conditions = Enumerable.Range(0, MessageLimits.RequestMessagesMax).Select(message => new VersionCondition(message, 1)).ToArray();
        var largest = new AppendRequest { Frames = frames, Count = MessageLimits.RequestMessagesMax, Conditions = conditions, IdempotencyKey = new string('k', MessageLimits.IdempotencyKeyBytesMax) };

        Assert.InRange(RequestBatch.Write([largest]).Length, frames.Length, Vsr.VsrLimits.RequestBytesMax);
    }

    [Fact]
    public void Damaged_bytes_are_no_requests()
    {
        var random = new Random(5);
        var whole = RequestBatch.Write([Plain, Keyed]);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Null(RequestBatch.TryRead(bytes));
            Assert.Null(RequestBatch.TryRead(whole.AsMemory(0, random.Next(whole.Length))));
        }
    }

    [Fact]
    public void Bytes_with_a_right_checksum_and_wrong_sizes_are_no_requests()
    {
        var random = new Random(6);
        var whole = RequestBatch.Write([Plain, Keyed]);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(16, 80)] = (byte)random.Next(256);
            }

            System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes.AsSpan(16)));
            var read = RequestBatch.TryRead(bytes);
            Assert.All(read ?? [], request => Assert.InRange(request.Count, 1, MessageLimits.RequestMessagesMax));
        }
    }

    [Fact]
    public void Receipts_come_back_in_their_places()
    {
        AppendReceipt[] receipts =
        [
            new(AppendOutcome.Appended, new MessageId(1), new Lsn(10), 3),
            new(AppendOutcome.VersionMismatch, MessageId.None, default, 9),
            new(AppendOutcome.Appended, new MessageId(2), new Lsn(11), 4),
            new(AppendOutcome.Replayed, new MessageId(5), new Lsn(2), 1),
        ];

        Assert.Equal(receipts, ReceiptList.TryRead(ReceiptList.Write(receipts), []));
        Assert.Equal(receipts, ReceiptList.TryRead(ReceiptList.WriteRefusals(receipts), [receipts[0], receipts[2]]));
        Assert.Empty(ReceiptList.WriteRefusals([receipts[0], receipts[2]]));
        Assert.Null(ReceiptList.TryRead(ReceiptList.WriteRefusals(receipts), [receipts[0]]));
        Assert.Null(ReceiptList.TryRead(new byte[17], []));
    }
}
