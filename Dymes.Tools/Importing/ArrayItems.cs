using Dymes.Common;

namespace Dymes.Tools.Importing;

/// <summary>Items that are the objects of a JSON array, or of several behind one another, as the original's <c>--append</c> left them.</summary>
internal sealed class ArrayItems(InputBuffer input) : IImportItems
{
    private long _item;

    public string Position => $"item {_item}";

    public bool AreFrames => false;

    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        var scan = new ObjectScan();
        while (true)
        {
            input.Take(scan.IsInside ? 0 : Separators(input.Unread));
            var length = scan.Continue(input.Unread);
            if (length > 0)
            {
                _item++;
                return input.Take(length);
            }

            if (!await input.FillAsync(cancellationToken))
            {
                // The bare literal would become an empty memory, which is an item.
                return input.Unread.IsEmpty
                    ? (ReadOnlyMemory<byte>?)null
                    : throw new DymesException(ErrorCode.InvalidArgument, $"Behind item {_item}, at byte {input.Used}, the array is cut off or is no array of objects.");
            }
        }
    }

    private static int Separators(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAnyExcept(" \t\r\n,[]"u8);
        return end < 0 ? bytes.Length : end;
    }
}
