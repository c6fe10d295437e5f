using Dymes.Common;

namespace Dymes.Tools.Exporting;

/// <summary>Finds the place in a document where it can be added to, and puts the stream there.</summary>
internal static class DocumentEnd
{
    /// <summary>Cuts what stands behind the last end of a line: an export that was interrupted there.</summary>
    public static void CutBrokenLine(FileStream file)
    {
        var end = LastIndex(file, file.Length, symbol => symbol == '\n');
        file.SetLength(end + 1);
        file.Seek(end + 1, SeekOrigin.Begin);
    }

    /// <summary>Removes the bracket that closes an array, with the space around it.</summary>
    /// <returns>Whether the array has elements.</returns>
    public static bool OpenArray(FileStream file)
    {
        var bracket = LastIndex(file, file.Length, IsText);
        var before = bracket < 0 ? -1 : LastIndex(file, bracket, IsText);
        if (before < 0 || ByteAt(file, bracket) != ']')
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"{file.Name} does not end as an array does: it was cut off, or is something else. Export to another file.") { Field = "--append" };
        }

        file.SetLength(before + 1);
        file.Seek(before + 1, SeekOrigin.Begin);
        return ByteAt(file, before) != '[';
    }

    private static bool IsText(byte symbol) => symbol is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t');

    private static long LastIndex(FileStream file, long end, Func<byte, bool> matches)
    {
        var buffer = new byte[4096];
        while (end > 0)
        {
            var start = Math.Max(0, end - buffer.Length);
            var part = buffer.AsSpan(0, (int)(end - start));
            RandomAccess.Read(file.SafeFileHandle, part, start);
            for (var i = part.Length - 1; i >= 0; i--)
            {
                if (matches(part[i]))
                {
                    return start + i;
                }
            }

            end = start;
        }

        return -1;
    }

    private static byte ByteAt(FileStream file, long offset)
    {
        Span<byte> symbol = stackalloc byte[1];
        RandomAccess.Read(file.SafeFileHandle, symbol, offset);
        return symbol[0];
    }
}
