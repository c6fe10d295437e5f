namespace Dymes.Message;

/// <summary>
/// Crockford's base32 for 128 bits in 26 digits, as ULIDs use it (https://github.com/ulid/spec). Strict: no digit outside the alphabet passes, and no
/// value over 128 bits. (The Ulid package reads unknown digits as if they were some number; see doc/adr/0003.)
/// </summary>
internal static class Crockford
{
    public const int DigitsPerId = 26;
    private const byte NotADigit = 255;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly byte[] Values = BuildValues();

    public static bool TryDecode<TChar>(ReadOnlySpan<TChar> text, out UInt128 value)
        where TChar : unmanaged, System.Numerics.IBinaryInteger<TChar>
    {
        value = default;
        if (text.Length != DigitsPerId)
        {
            return false;
        }

        ulong high = 0;
        ulong low = 0;
        for (var i = 0; i < DigitsPerId; i++)
        {
            var symbol = uint.CreateTruncating(text[i]);
            var digit = symbol < 128 ? Values[symbol] : NotADigit;
            if (digit == NotADigit || (i == 0 && digit > 7))
            {
                value = default;
                return false;
            }

            high = (high << 5) | (low >> 59);
            low = (low << 5) | digit;
        }

        value = new UInt128(high, low);
        return true;
    }

    public static void Encode<TChar>(UInt128 value, Span<TChar> text)
        where TChar : unmanaged, System.Numerics.IBinaryInteger<TChar>
    {
        var high = (ulong)(value >> 64);
        var low = (ulong)value;
        for (var i = DigitsPerId - 1; i >= 0; i--)
        {
            text[i] = TChar.CreateTruncating(Alphabet[(int)(low & 31)]);
            low = (low >> 5) | (high << 59);
            high >>= 5;
        }
    }

    private static byte[] BuildValues()
    {
        var values = new byte[128];
        Array.Fill(values, NotADigit);
        for (byte digit = 0; digit < Alphabet.Length; digit++)
        {
            values[Alphabet[digit]] = digit;
            values[char.ToLowerInvariant(Alphabet[digit])] = digit;
        }

        return values;
    }
}
