using CsCheck;

namespace Dymes.Message.Tests.Ids;

public sealed class MessageIdTests
{
    [Fact]
    public void Order_of_ids_is_order_of_their_bytes_and_texts() => Gen.Select(Gen.UInt128, Gen.UInt128).Sample((left, right) =>
    {
        var (a, b) = (new MessageId(left), new MessageId(right));
        var (aBytes, bBytes) = (new byte[16], new byte[16]);
        a.Write(aBytes);
        b.Write(bBytes);
        return Math.Sign(a.CompareTo(b)) == Math.Sign(aBytes.AsSpan().SequenceCompareTo(bBytes))
            && Math.Sign(a.CompareTo(b)) == Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString()))
            && (a < b, a <= b, a > b, a >= b) == (left < right, left <= right, left > right, left >= right);
    });

    [Fact]
    public void A_millisecond_lies_between_its_first_and_its_last_id()
    {
        var (first, last) = (MessageId.FirstAt(1469922850259), MessageId.LastAt(1469922850259));
        Assert.Equal("01ARZ3NDEK0000000000000000", first.ToString());
        Assert.Equal("01ARZ3NDEKZZZZZZZZZZZZZZZZ", last.ToString());
        Assert.Equal(MessageId.FirstAt(1469922850260).Value, last.Value + 1);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(long.MaxValue, MessageId.UnixMillisecondsMax)]
    public void Times_outside_the_range_are_its_ends(long given, long held)
    {
        Assert.Equal(held, MessageId.FirstAt(given).UnixMilliseconds);
        Assert.Equal(held, MessageId.LastAt(given).UnixMilliseconds);
    }

    [Fact]
    public void An_id_behind_the_year_9999_has_the_last_time_there_is() => Assert.Equal(DateTimeOffset.MaxValue, MessageId.Max.Time);
}
