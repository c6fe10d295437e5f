using CsCheck;

namespace Dymes.Message.Tests.Ids;

public sealed class MessageIdSequenceTests
{
    [Fact]
    public void Ids_grow_whatever_the_clock_does() => Gen.Select(Gen.Long[0, 1000].Array[1, 100], Gen.Byte).Sample((clock, fill) =>
    {
        var sequence = new MessageIdSequence(bytes => bytes.AsSpan().Fill(fill));
        var ids = clock.Select(sequence.Next).ToArray();
        return ids.Zip(ids.Skip(1)).All(pair => pair.First < pair.Second) && sequence.Last == ids[^1];
    });

    [Fact]
    public void An_id_has_the_time_of_the_clock_when_that_went_on()
    {
        var sequence = new MessageIdSequence(Fill(0xFF));
        Assert.Equal([5, 5, 5, 6], new long[] { 5, 5, 4, 6 }.Select(time => sequence.Next(time).UnixMilliseconds));
    }

    [Fact]
    public void Within_a_millisecond_ids_are_neighbours()
    {
        var sequence = new MessageIdSequence(Fill(0x12));
        var first = sequence.Next(7);
        Assert.Equal(first.Value + 1, sequence.Next(7).Value);
        Assert.Equal(first.Value + 2, sequence.Next(3).Value);
    }

    [Fact]
    public void The_highest_random_bit_is_left_as_room_for_neighbours()
    {
        var id = new MessageIdSequence(Fill(0xFF)).Next(7);
        Assert.Equal(MessageId.FirstAt(7).Value + ((UInt128.One << 79) - 1), id.Value);
    }

    [Fact]
    public void A_sequence_goes_on_from_the_last_id_before_it()
    {
        var last = MessageId.LastAt(1000);
        var sequence = new MessageIdSequence(Fill(0), last);
        Assert.Equal(last.Value + 1, sequence.Next(500).Value);
        Assert.Equal(MessageId.FirstAt(1002), sequence.Next(1002));
    }

    [Fact]
    public void Ids_that_were_not_used_are_handed_out_again()
    {
        var sequence = new MessageIdSequence(Fill(1));
        var used = sequence.Next(7);
        var unused = sequence.Next(7);
        sequence.RewindTo(used);
        Assert.Equal(unused, sequence.Next(7));
    }

    [Fact]
    public void Behind_the_last_id_of_all_there_is_none() =>
        Assert.Throws<OverflowException>(() => new MessageIdSequence(Fill(0), MessageId.Max).Next(7));

    private static Action<byte[]> Fill(byte value) => bytes => bytes.AsSpan().Fill(value);
}
