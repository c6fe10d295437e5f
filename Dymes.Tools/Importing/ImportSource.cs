using System.IO.Compression;
using Dymes.Message;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Importing;

/// <summary>The input of an import: a file or standard input, compressed or not, in any of the forms that export writes.</summary>
internal sealed class ImportSource : IDisposable
{
    private const int HeaderBytes = MessageLimits.FrameHeaderBytes;
    private readonly Stream _raw;

    private ImportSource(Stream raw, IImportItems items, long? totalBytes)
    {
        _raw = raw;
        Items = items;
        TotalBytes = totalBytes;
    }

    public IImportItems Items { get; }

    /// <summary>The size of the file, where it is one.</summary>
    public long? TotalBytes { get; }

    /// <summary>How much of the file was read.</summary>
    public long BytesRead => TotalBytes is null ? 0 : _raw.Position;

    public static async Task<ImportSource> OpenAsync(string? file, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var raw = file is null or "-" ? terminal.Input : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        var first = new InputBuffer(raw);
        await ReadHeaderAsync(first, cancellationToken);
        var input = first.Unread is [0x1f, 0x8b, ..] ? new InputBuffer(new GZipStream(Rejoin(first, raw), CompressionMode.Decompress)) : first;
        await ReadHeaderAsync(input, cancellationToken);
        return new ImportSource(raw, ItemsOf(input), raw is FileStream ? raw.Length : null);
    }

    public void Dispose() => _raw.Dispose();

    private static async Task ReadHeaderAsync(InputBuffer input, CancellationToken cancellationToken)
    {
        while (input.Unread.Length < HeaderBytes && await input.FillAsync(cancellationToken))
        {
        }
    }

    // A frame begins with a checksum, which may look like anything: it is a frame if the checksum is right.
    private static IImportItems ItemsOf(InputBuffer input)
    {
        if (MessageFrame.TryRead(input.Unread, out _) is not FrameFault.HeaderChecksum && input.Unread.Length >= HeaderBytes)
        {
            return new FrameItems(input);
        }

        input.Take(input.Unread.StartsWith("\uFEFF"u8) ? 3 : 0);
        var text = input.Unread.TrimStart(" \t\r\n"u8);
        return text is [(byte)'[', ..] ? new ArrayItems(input) : new LineItems(input);
    }

    private static JoinedStream Rejoin(InputBuffer first, Stream rest) => new(first.Take(first.Unread.Length), rest);
}
