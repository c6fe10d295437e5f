using System.Globalization;

namespace Dymes.Message;

/// <summary>The text forms of the 128-bit numbers of the API: channels, routing and masks.</summary>
public static class Number128
{
    /// <summary>Reads a decimal, <c>0x</c>, <c>0o</c> or <c>0b</c> number; single underscores may stand between digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 value) => Read(text, out value) == NumberForm.Number;

    /// <summary>Whether the text is a number, has the form of one but not the size, or is something else (a name).</summary>
    public static NumberForm Read(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = default;
        var digits = text;
        uint radix = 10;
        if (text.Length > 2 && text[0] == '0')
        {
            radix = char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10u };
            digits = radix == 10 ? text : text[2..];
        }

        if (digits.IsEmpty || digits[0] == '_' || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal))
        {
            return NumberForm.None;
        }

        var overflowed = false;
        foreach (var symbol in digits)
        {
            if (symbol == '_')
            {
                continue;
            }

            var digit = DigitOf(symbol);
            if (digit >= radix)
            {
                value = default;
                return NumberForm.None;
            }

            overflowed |= value > (UInt128.MaxValue - digit) / radix;
            value = unchecked((value * radix) + digit);
        }

        if (overflowed)
        {
            value = default;
            return NumberForm.TooLarge;
        }

        return NumberForm.Number;
    }

    private static uint DigitOf(char symbol) => symbol switch
    {
        >= '0' and <= '9' => (uint)(symbol - '0'),
        >= 'a' and <= 'f' => (uint)(symbol - 'a') + 10,
        >= 'A' and <= 'F' => (uint)(symbol - 'A') + 10,
        _ => uint.MaxValue,
    };

    /// <summary>The form of answers: <c>0x</c> and lower-case hexadecimal digits without leading zeros.</summary>
    public static string Format(UInt128 value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}

/// <summary>What a text is to <see cref="Number128.Read"/>.</summary>
public enum NumberForm
{
    /// <summary>Not a number.</summary>
    None,

    /// <summary>A number of at most 128 bits.</summary>
    Number,

    /// <summary>Digits of a number over 128 bits.</summary>
    TooLarge,
}
