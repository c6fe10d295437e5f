using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>Filters as people write them: in a URL or on a command line.</summary>
public static class FilterExpression
{
    private const string Equal = "==";
    private const string NotEqual = "!=";

    /// <summary>Reads <c>key</c>, <c>key==value</c> or <c>key!=value</c>. Spaces count.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="field">Which parameter or option it stands in, for the error.</param>
    public static KvFilter Kv(string text, string field = "kv")
    {
        var equal = text.IndexOf(Equal, StringComparison.Ordinal);
        var notEqual = text.IndexOf(NotEqual, StringComparison.Ordinal);
        var at = equal < 0 || (notEqual >= 0 && notEqual < equal) ? notEqual : equal;
        var key = at < 0 ? text : text[..at];
        if (key.Length == 0)
        {
            throw Invalid(field, $"\"{text}\" names no key; write key, key==value or key!=value.");
        }

        return at < 0
            ? new KvFilter(KvRelation.Has, key)
            : new KvFilter(at == equal ? KvRelation.Equal : KvRelation.NotEqual, key, text[(at + Equal.Length)..]);
    }

    /// <summary>Reads a mask: messages with any of its routing bits pass.</summary>
    /// <param name="text">The mask.</param>
    /// <param name="field">Which parameter or option it stands in, for the error.</param>
    public static WideningFilter Widening(string text, string field = "widening") => new(Number(text, field));

    /// <summary>Reads <c>mask</c> or <c>mask:cmp</c>: messages whose routing bits under the mask are exactly these pass; without them, all bits of the mask.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="field">Which parameter or option it stands in, for the error.</param>
    public static NarrowingFilter Narrowing(string text, string field = "narrowing")
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var mask = Number(colon < 0 ? text : text[..colon], field);
        return new NarrowingFilter(mask, colon < 0 ? mask : Number(text[(colon + 1)..], field));
    }

    private static UInt128 Number(string text, string field) => Number128.TryParse(text, out var number)
        ? number
        : throw Invalid(field, $"\"{text}\" is no mask; write a whole number of at most 128 bits, decimal or with 0x, 0o or 0b.");

    private static DymesException Invalid(string field, string message) => new(ErrorCode.InvalidArgument, message) { Field = field };
}
