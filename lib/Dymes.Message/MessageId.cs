using System.Buffers.Binary;

namespace Dymes.Message;

/// <summary>
/// A message's ULID: 48 bits of milliseconds since 1970, then 80 bits (https://github.com/ulid/spec). Order of ids is order of time.
/// All zero means *none*.
/// </summary>
/// <param name="Value">The ULID as a number, its most significant byte first.</param>
public readonly record struct MessageId(UInt128 Value) : IComparable<MessageId>
{
    /// <summary>The size of an id in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>The number of characters of an id's text.</summary>
    public const int TextLength = Crockford.DigitsPerId;

    /// <summary>The largest time of an id, in milliseconds since 1970: the year 10889.</summary>
    public const long UnixMillisecondsMax = (1L << 48) - 1;

    private const int RandomBits = 80;

    /// <summary>No message: what a root's correlation id holds.</summary>
    public static MessageId None => default;

    /// <summary>An upper bound of all ids.</summary>
    public static MessageId Max => new(UInt128.MaxValue);

    /// <summary>Whether this names no message.</summary>
    public bool IsNone => Value == default;

    /// <summary>The time of the id, in milliseconds since 1970.</summary>
    public long UnixMilliseconds => (long)(ulong)(Value >> RandomBits);

    /// <summary>The time of the id. Times after the year 9999 are shown as its end.</summary>
    public DateTimeOffset Time => UnixMilliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds)
        : DateTimeOffset.MaxValue;

    /// <summary>The lowest id of a millisecond; times outside the range of ids are clamped to it.</summary>
    public static MessageId FirstAt(long unixMilliseconds) => new((UInt128)(ulong)Clamp(unixMilliseconds) << RandomBits);

    /// <summary>The highest id of a millisecond; times outside the range of ids are clamped to it.</summary>
    public static MessageId LastAt(long unixMilliseconds) => new(FirstAt(unixMilliseconds).Value | ((UInt128.One << RandomBits) - 1));

    /// <summary>Reads 26 characters of Crockford base32, either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        var parsed = Crockford.TryDecode(text, out var value);
        id = new MessageId(value);
        return parsed;
    }

    /// <summary>Reads 26 ASCII bytes of Crockford base32, either case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MessageId id)
    {
        var parsed = Crockford.TryDecode(text, out var value);
        id = new MessageId(value);
        return parsed;
    }

    /// <summary>Reads the 16 bytes of an id, the most significant first.</summary>
    public static MessageId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the 16 bytes of the id, the most significant first.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>Writes the id's 26 characters as ASCII.</summary>
    public void WriteText(Span<byte> text) => Crockford.Encode(Value, text[..TextLength]);

    /// <summary>Writes the id's 26 characters.</summary>
    public void WriteText(Span<char> text) => Crockford.Encode(Value, text[..TextLength]);

    /// <inheritdoc/>
    public int CompareTo(MessageId other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left id is older.</summary>
    public static bool operator <(MessageId left, MessageId right) => left.Value < right.Value;

    /// <summary>Whether the left id is newer.</summary>
    public static bool operator >(MessageId left, MessageId right) => left.Value > right.Value;

    /// <summary>Whether the left id is not newer.</summary>
    public static bool operator <=(MessageId left, MessageId right) => left.Value <= right.Value;

    /// <summary>Whether the left id is not older.</summary>
    public static bool operator >=(MessageId left, MessageId right) => left.Value >= right.Value;

    /// <summary>The id's 26 characters.</summary>
    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
        Crockford.Encode(value, text));

    private static long Clamp(long unixMilliseconds) => Math.Clamp(unixMilliseconds, 0, UnixMillisecondsMax);
}
