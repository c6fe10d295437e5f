using System.Globalization;
using CsCheck;

namespace Dymes.Message.Tests.Ids;

public sealed class Number128Tests
{
    [Fact]
    public void Every_number_is_read_in_each_of_its_forms() => Gen.UInt128.Sample(value =>
        Reads(value, value.ToString(CultureInfo.InvariantCulture))
        && Reads(value, Number128.Format(value))
        && Reads(value, "0X" + value.ToString("X32", CultureInfo.InvariantCulture))
        && Reads(value, "0b" + value.ToString("b", CultureInfo.InvariantCulture))
        && Reads(value, "0o" + Octal(value))
        && Reads(value, string.Join('_', value.ToString(CultureInfo.InvariantCulture).AsEnumerable())));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("007", 7)]
    [InlineData("0x2BE", 702)]
    [InlineData("0b10_10", 10)]
    [InlineData("0O17", 15)]
    [InlineData("1_000_000", 1_000_000)]
    public void Examples_are_read(string text, int value)
    {
        Assert.True(Number128.TryParse(text, out var read));
        Assert.Equal((UInt128)value, read);
    }

    [Theory]
    [InlineData("340282366920938463463374607431768211456")]
    [InlineData("0x100000000000000000000000000000000")]
    [InlineData("999999999999999999999999999999999999999999999999999999999999")]
    public void A_number_over_128_bits_is_known_as_such(string text)
    {
        Assert.Equal(NumberForm.TooLarge, Number128.Read(text, out var value));
        Assert.Equal(UInt128.Zero, value);
    }

    [Fact]
    public void The_largest_number_is_not_too_large() => Assert.True(Reads(UInt128.MaxValue, "340282366920938463463374607431768211455"));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0b")]
    [InlineData("0b2")]
    [InlineData("0o8")]
    [InlineData("0xG")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("1__0")]
    [InlineData("0x_1")]
    [InlineData("١٢٣")]
    public void Other_texts_are_no_numbers(string text) => Assert.Equal(NumberForm.None, Number128.Read(text, out _));

    [Theory]
    [InlineData(0, "0x0")]
    [InlineData(702, "0x2be")]
    public void The_form_of_answers_is_short_hexadecimal(int value, string text) => Assert.Equal(text, Number128.Format((UInt128)value));

    private static bool Reads(UInt128 value, string text) => Number128.TryParse(text, out var read) && read == value;

    private static string Octal(UInt128 value)
    {
        var digits = "";
        do
        {
            digits = (char)('0' + (int)(value & 7)) + digits;
            value >>= 3;
        }
        while (value != 0);
        return digits;
    }
}
