using System.Globalization;

namespace Dymes.Message.Log;

/// <summary>Cursors: answers that are read piece by piece, with their place kept by the server. They outlive the process that opened them.</summary>
public interface IMessageCursors
{
    /// <summary>Opens a cursor on a query.</summary>
    ValueTask<CursorId> OpenAsync(MessageQuery query, CancellationToken cancellationToken = default);

    /// <summary>The next messages: at most <paramref name="count"/>, fewer where they are large, none at the end; null where there is no such cursor.</summary>
    ValueTask<FramePage?> ReadAsync(CursorId id, int count, CancellationToken cancellationToken = default);

    /// <summary>Closes a cursor; false where there is none.</summary>
    ValueTask<bool> CloseAsync(CursorId id, CancellationToken cancellationToken = default);
}

/// <summary>A cursor's id; its text is 32 lower-case hexadecimal digits.</summary>
/// <param name="Value">A random number.</param>
public readonly record struct CursorId(UInt128 Value)
{
    private const int HexDigits = 32;

    /// <summary>Reads 1 to 32 hexadecimal digits, either case, with or without <c>0x</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CursorId id)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        var parsed = digits.Length is >= 1 and <= HexDigits
            & UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new CursorId(parsed ? value : default);
        return parsed;
    }

    /// <summary>The id's digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
