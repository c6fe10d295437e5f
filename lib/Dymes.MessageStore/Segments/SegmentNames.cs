using System.Globalization;

namespace Dymes.MessageStore.Segments;

/// <summary>The names of a segment's files: <c>dymes_00000001.msg</c> and <c>dymes_00000001.idx</c>.</summary>
public static class SegmentNames
{
    private const string Prefix = "dymes_";
    private const string MessageSuffix = ".msg";
    private const string IndexSuffix = ".idx";

    /// <summary>The name of a segment's message file.</summary>
    public static string MessageFile(uint number) => Prefix + number.ToString("D8", CultureInfo.InvariantCulture) + MessageSuffix;

    /// <summary>The name of a segment's index file.</summary>
    public static string IndexFile(uint number) => Prefix + number.ToString("D8", CultureInfo.InvariantCulture) + IndexSuffix;

    /// <summary>Reads a segment's number from the name of a message file.</summary>
    public static bool TryParseMessageFile(string name, out uint number)
    {
        number = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(MessageSuffix, StringComparison.Ordinal)
            && uint.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - MessageSuffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }
}
