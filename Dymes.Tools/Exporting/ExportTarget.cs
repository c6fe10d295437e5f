using System.IO.Compression;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Exporting;

/// <summary>
/// The file that an export goes to. A document that is added to stays one that can be read: a line that was cut off is removed first, an array goes on where its bracket was.
/// </summary>
internal sealed class ExportTarget : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private readonly Stream _stream;
    private readonly bool _ownsStream;

    private ExportTarget(Stream stream, IExportFormat format, bool ownsStream)
    {
        _stream = stream;
        _ownsStream = ownsStream;
        Format = format;
    }

    public IExportFormat Format { get; }

    /// <summary>Opens the target.</summary>
    /// <param name="file">The file, compressed where its name ends in .gz; null: standard output.</param>
    /// <param name="format"><c>ndjson</c>, <c>json</c> or <c>frames</c>.</param>
    /// <param name="appends">Whether it is added to what is there.</param>
    /// <param name="terminal">Has the standard output.</param>
    public static ExportTarget Open(string? file, string format, bool appends, ToolTerminal terminal)
    {
        if (file is null)
        {
            var output = new BufferedStream(terminal.OutputBytes, BufferBytes);
            return new ExportTarget(output, CreateFormat(format, output, false, false), ownsStream: false);
        }

        var isCompressed = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        if (!appends || !File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return OfFile(new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes), format, isCompressed, false, false);
        }

        if (isCompressed && format == "json")
        {
            throw OptionText.Invalid("--append", "A compressed array cannot be added to; use --format ndjson, or a file without .gz.");
        }

        var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, BufferBytes);
        if (isCompressed || format == "frames")
        {
            stream.Seek(0, SeekOrigin.End);
            return OfFile(stream, format, isCompressed, false, false);
        }

        if (format == "ndjson")
        {
            DocumentEnd.CutBrokenLine(stream);
            return OfFile(stream, format, isCompressed, false, false);
        }

        var hasElements = DocumentEnd.OpenArray(stream);
        return OfFile(stream, format, isCompressed, true, hasElements);
    }

    public void Dispose()
    {
        if (_ownsStream)
        {
            _stream.Dispose();
        }
    }

    private static ExportTarget OfFile(FileStream file, string format, bool isCompressed, bool isContinued, bool hasElements)
    {
        Stream stream = isCompressed ? new BufferedStream(new GZipStream(file, CompressionLevel.Optimal), BufferBytes) : file;
        return new ExportTarget(stream, CreateFormat(format, stream, isContinued, hasElements), ownsStream: true);
    }

    private static IExportFormat CreateFormat(string format, Stream stream, bool isContinued, bool hasElements) => format switch
    {
        "json" => new OriginalArray(stream, isContinued, hasElements),
        "frames" => new FrameExport(stream),
        _ => new ImportLines(stream),
    };
}
