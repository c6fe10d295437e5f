using System.Text.Json;
using Dymes.Common;

namespace Dymes.Message.Json;

/// <summary>The refusals of JSON input: each names the place as a JSON pointer (RFC 6901) and says what would be right.</summary>
internal static class JsonRefusal
{
    public static DymesException Invalid(string pointer, string message) => new(ErrorCode.InvalidArgument, message) { Field = pointer };

    public static DymesException TooLarge(string pointer, string message) => new(ErrorCode.TooLarge, message) { Field = pointer };

    public static DymesException Type(string pointer, string wanted, JsonTokenType found) =>
        Invalid(pointer, $"{Subject(pointer)} must be {wanted}, not {Name(found)}.");

    public static DymesException Syntax(JsonException error) =>
        Invalid("", $"The JSON is broken at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: {Reason(error)}");

    private static string Subject(string pointer) => pointer.Length == 0 ? "The request" : pointer;

    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    // The reader's own message ends with the place, which stands in front already.
    private static string Reason(JsonException error)
    {
        var place = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? error.Message : error.Message[..place];
    }
}
