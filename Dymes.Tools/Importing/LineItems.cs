namespace Dymes.Tools.Importing;

/// <summary>Items that are lines; empty ones are passed over.</summary>
internal sealed class LineItems(InputBuffer input) : IImportItems
{
    private long _line;

    public string Position => $"line {_line}";

    public bool AreFrames => false;

    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await NextLineAsync(cancellationToken);
            if (line is not { } text || text.Span.ContainsAnyExcept((byte)' ', (byte)'\r', (byte)'\t'))
            {
                return line;
            }
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> NextLineAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var end = input.Unread[searched..].IndexOf((byte)'\n');
            if (end >= 0)
            {
                _line++;
                return input.Take(searched + end + 1)[..^1];
            }

            searched = input.Unread.Length;
            if (!await input.FillAsync(cancellationToken))
            {
                _line++;
                // The bare literal would become an empty memory, which is an item.
                return input.Unread.IsEmpty ? (ReadOnlyMemory<byte>?)null : input.Take(input.Unread.Length);
            }
        }
    }
}
