using System.Text;
using CsCheck;

namespace Dymes.Message.Tests.Ids;

/// <summary>The text of ids, compared with the Ulid package where that is right, and pinned where it is not: see doc/adr/0003.</summary>
public sealed class CrockfordTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    [Fact]
    public void Text_is_that_of_the_package_for_any_id() => Gen.UInt128.Sample(value =>
    {
        var id = new MessageId(value);
        var bytes = new byte[MessageId.SizeBytes];
        id.Write(bytes);
        var text = id.ToString();
        return text == new Ulid(bytes).ToString()
            && MessageId.TryParse(text, out var parsed) && parsed == id
            && MessageId.TryParse(Encoding.ASCII.GetBytes(text), out var fromBytes) && fromBytes == id
            && MessageId.TryParse(text.ToLowerInvariant(), out var fromLower) && fromLower == id
            && MessageId.Read(bytes) == id;
    });

    [Fact]
    public void Time_is_that_of_the_package_for_any_id() => Gen.UInt128.Sample(value =>
    {
        var id = new MessageId(value >> 2);
        var bytes = new byte[MessageId.SizeBytes];
        id.Write(bytes);
        return id.Time == new Ulid(bytes).Time;
    });

    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        Assert.True(MessageId.TryParse("01ARZ3NDEKTSV4RRFFQ69G5FAV", out var id));
        Assert.Equal(1469922850259, id.UnixMilliseconds);
        Assert.Equal("01ARZ3NDEKTSV4RRFFQ69G5FAV", id.ToString());
    }

    [Fact]
    public void The_ends_of_the_range_are_read()
    {
        Assert.True(MessageId.TryParse("00000000000000000000000000", out var none));
        Assert.True(none.IsNone);
        Assert.True(MessageId.TryParse("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", out var max));
        Assert.Equal(MessageId.Max, max);
    }

    [Theory]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("80000000000000000000000000")]
    [InlineData("ZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    public void A_text_over_128_bits_is_refused(string text) => Assert.False(MessageId.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAVV")]
    [InlineData(" 1ARZ3NDEKTSV4RRFFQ69G5FAV")]
    public void A_text_of_another_length_is_refused(string text) => Assert.False(MessageId.TryParse(text, out _));

    [Fact]
    public void Every_symbol_outside_the_alphabet_is_refused_at_every_place()
    {
        const string Valid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        for (var place = 0; place < Valid.Length; place++)
        {
            for (var symbol = '\0'; symbol < 700; symbol++)
            {
                var isDigit = Alphabet.Contains(char.ToUpperInvariant(symbol)) && symbol < 128 && (place > 0 || symbol <= '7');
                var text = Valid.ToCharArray();
                text[place] = symbol;
                Assert.Equal(isDigit, MessageId.TryParse(text, out _));
                if (symbol < 256)
                {
                    Assert.Equal(isDigit, MessageId.TryParse(Encoding.Latin1.GetBytes(text), out _));
                }
            }
        }
    }

    [Theory]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "0ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU", "01ARZ3NDEKTSV4RRFFQ69G5FFZ")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA!", "01ARZ3NDEKTSV4RRFFQ69G5FFZ")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAI", "01ARZ3NDEKTSV4RRFFQ69G5FFZ")]
    public void The_package_reads_texts_that_are_no_ids_as_other_ids(string text, string other)
    {
        Assert.True(Ulid.TryParse(text, out var read));
        Assert.Equal(other, read.ToString());
        Assert.False(MessageId.TryParse(text, out _));
    }
}
