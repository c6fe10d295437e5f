using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Messages;

public sealed class MessageCodecTests
{
    private static readonly Envelope Envelope = new(77, 2, new ReplicaNumber(3), new ViewNumber(5));
    private static readonly LogEntry First = Entry(8, 0, "first");
    private static readonly LogEntry Second = Entry(9, First.Checksum, "second, a little longer");
    private static readonly Incarnations Losses = Incarnations.Of([1, 0, uint.MaxValue, 4]);
    private static readonly LogSuffix Suffix = new(7, [UInt128.One, First.Checksum, Second.Checksum]);

    public static IReadOnlyList<VsrMessage> All { get; } =
    [
        new Prepare(Envelope, First, 6),
        new PrepareOk(Envelope, 8, 4),
        new Commit(Envelope, 6, 8, 4),
        new PreVote(Envelope, new ViewNumber(6)),
        new PreVoteReply(Envelope, new ViewNumber(6), true),
        new StartViewChange(Envelope),
        new DoViewChange(Envelope, new ViewNumber(4), Losses, Suffix),
        new StartView(Envelope, Suffix, 99),
        new GetStartView(Envelope, 99),
        new GetState(Envelope, 12, 8, 9),
        new NewState(Envelope, 12, 8, new ViewNumber(4), [First, Second]),
        new NewState(Envelope, 12, 8, new ViewNumber(4), []),
        new Recover(Envelope, 99, 7, Standing.Forming),
        new RecoverReply(Envelope, 99, Standing.Member, Losses),
        new GetReadOp(Envelope, 3),
        new ReadOp(Envelope, 3, 8),
        new PrepareOk(Envelope, 8, 4) { IsFull = true },
    ];

    [Fact]
    public void Every_kind_of_message_is_among_the_examples() =>
        Assert.Equal(Enum.GetValues<MessageKind>(), All.Select(message => message.Kind).Distinct().Order());

    [Fact]
    public void A_message_is_read_as_it_was_written() => Assert.All(All, message =>
    {
        var bytes = Bytes(message);
        Assert.Equal(MessageFault.None, MessageCodec.TryRead(bytes, out var read));
        Assert.Equal(bytes, Bytes(read!));
        Assert.Equal((message.Kind, message.Envelope), (read!.Kind, read.Envelope));
    });

    [Fact]
    public void Fields_come_back()
    {
        var state = Assert.IsType<NewState>(Read(Bytes(All[10])));
        Assert.Equal("second, a little longer", TestMachine.Text(state.Entries[1].Body));
        var start = Assert.IsType<StartView>(Read(Bytes(All[7])));
        Assert.Equal((7UL, 9UL, 99UL, Second.Checksum), (start.Suffix.BaseOp, start.Suffix.LastOp, start.Nonce, start.Suffix[9]));
        Assert.Equal(new GetState(Envelope, 12, 8, 9), Read(Bytes(All[9])));
        Assert.Equal(new Recover(Envelope, 99, 7, Standing.Forming), Read(Bytes(All[12])));
        Assert.Equal(new RecoverReply(Envelope, 99, Standing.Member, Losses), Read(Bytes(All[13])));
        var log = Assert.IsType<DoViewChange>(Read(Bytes(All[6])));
        Assert.Equal((Losses, new ViewNumber(4), 9UL, Second.Checksum), (log.Incarnations, log.LogView, log.Suffix.LastOp, log.Suffix[9]));
        Assert.Equal(new PreVoteReply(Envelope, new ViewNumber(6), true), Read(Bytes(All[4])));
        Assert.Equal(new PrepareOk(Envelope, 8, 4), Read(Bytes(All[1])));
        Assert.Equal(new PrepareOk(Envelope, 8, 4) { IsFull = true }, Read(Bytes(All[^1])));
    }

    [Fact]
    public void Bodies_are_not_copied()
    {
        var bytes = Bytes(All[0]);
        var prepare = Assert.IsType<Prepare>(Read(bytes));
        Assert.True(prepare.Entry.Body.Span.Overlaps(bytes));
    }

    [Fact]
    public void A_newer_version_is_named()
    {
        var bytes = Bytes(All[1]);
        bytes[20]++;
        Reseal(bytes);
        Assert.Equal(MessageFault.Version, MessageCodec.TryRead(bytes, out _));
    }

    /// <summary>DYMES_FUZZ_MESSAGES=1000000 for the long run.</summary>
    [Fact]
    public void Mutated_messages_give_nothing_but_a_fault()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("DYMES_FUZZ_MESSAGES"), out var number) ? number : 100_000;
        var random = new SeededRandom(3);
        var originals = All.Select(Bytes).ToList();
        var largest = originals.Max(bytes => bytes.Length);
        var faults = new HashSet<MessageFault>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
        {
            var bytes = Mutate((byte[])originals[random.Between(0, originals.Count - 1)].Clone(), random);
            var fault = MessageCodec.TryRead(bytes, out var message);
            faults.Add(fault);
            Assert.Equal(fault == MessageFault.None, message is not null);
        }

        Assert.Equal(Enum.GetValues<MessageFault>(), faults.Order());
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / count;
        Assert.True(each < 8 * largest, $"{each} bytes were allocated for each message of at most {largest} bytes");
    }

    private static byte[] Mutate(byte[] bytes, SeededRandom random)
    {
        var length = random.Between(0, 9) == 0 ? random.Between(0, bytes.Length) : bytes.Length;
        bytes = bytes[..length];
        for (var flips = random.Between(0, 3); flips > 0 && length > 0; flips--)
        {
            bytes[random.Between(0, length - 1)] ^= (byte)random.Between(1, 255);
        }

        if (length >= MessageCodec.HeaderBytes && random.Between(0, 3) > 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), (uint)length);
            Reseal(bytes);
        }

        return bytes;
    }

    // With the right checksum, so that the fields themselves are put to the test.
    private static void Reseal(byte[] bytes)
    {
        var fields = (int)Math.Clamp(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(48)), 16, (uint)bytes.Length);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes.AsSpan(16, fields - 16)));
    }

    private static VsrMessage Read(byte[] bytes)
    {
        Assert.Equal(MessageFault.None, MessageCodec.TryRead(bytes, out var message));
        return message!;
    }

    private static byte[] Bytes(VsrMessage message)
    {
        var bytes = new byte[MessageCodec.SizeOf(message)];
        Assert.Equal(bytes.Length, MessageCodec.Write(message, bytes));
        return bytes;
    }

    private static LogEntry Entry(ulong op, UInt128 parent, string text) => LogEntry.Seal(
        new EntryHeader { Op = op, ParentChecksum = parent, FirstLsn = new Lsn(op), MessageCount = 1, Kind = EntryKind.Messages, View = 4, Commit = 7 }, TestMachine.Body(text));
}
