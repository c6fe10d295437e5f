using System.Text;
using Dymes.Programs.Logging;
using Dymes.Tools.Options;

namespace Dymes.Tools.Terminal;

/// <summary>What a tool reads from and writes to. A test gives its own streams.</summary>
internal sealed class ToolTerminal : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // The width is known of standard output; where that goes elsewhere, a line that fits the smallest usual terminal fits.
    private const int UnknownColumns = 80;

    // What a terminal shows for Ctrl-C behind a progress line goes with it.
    private const int EchoWidth = 2;

    private readonly Lock _errorLock = new();
    private int _progressWidth;

    public ToolTerminal(Stream input, Stream output, Stream error)
    {
        Input = input;
        OutputBytes = output;
        Output = new StreamWriter(output, Utf8, BufferBytes, leaveOpen: true) { NewLine = "\n" };
        Error = new StreamWriter(error, Utf8, 1024, leaveOpen: true) { NewLine = "\n", AutoFlush = true };
    }

    /// <summary>Standard input, as bytes.</summary>
    public Stream Input { get; }

    /// <summary>Standard output, for raw bytes. Flush <see cref="Output"/> before writing here.</summary>
    public Stream OutputBytes { get; }

    /// <summary>Standard output, for text.</summary>
    public StreamWriter Output { get; }

    /// <summary>Standard error, for what is printed while nothing else is under way. Complaints and log lines go through <see cref="WriteError"/>.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether somebody watches standard output.</summary>
    public bool IsOutputWatched { get; init; }

    /// <summary>Whether somebody watches standard error; progress is shown only then.</summary>
    public bool IsErrorWatched { get; init; }

    /// <summary>Whether standard input is a person.</summary>
    public bool IsInputTyped { get; init; }

    /// <summary>Whether what was written can be replaced in place: a terminal that knows how to move its cursor.</summary>
    public bool CanRedraw { get; init; }

    /// <summary>How many columns a line has.</summary>
    public int Columns { get; init; } = 120;

    /// <summary>How many lines are seen at once.</summary>
    public int Rows { get; init; } = 30;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Environment variables by name.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>What the file of <c>--config</c> and the options that every command takes say; set once, before a command runs.</summary>
    public ToolSettings Settings { get; set; } = new();

    /// <summary>What is logged on standard error, and how.</summary>
    public LoggingSettings Logging => Settings.Logging;

    /// <summary>The terminal of this process.</summary>
    public static ToolTerminal OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.OpenStandardError())
    {
        IsOutputWatched = !Console.IsOutputRedirected,
        IsErrorWatched = !Console.IsErrorRedirected,
        IsInputTyped = !Console.IsInputRedirected,
        CanRedraw = !Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
        Columns = ColumnsOfProcess(),
        Rows = Console.IsOutputRedirected ? int.MaxValue : Math.Max(Console.WindowHeight, 2),
        Environment = System.Environment.GetEnvironmentVariable,
    };

    /// <summary>Writes whole lines to standard error; a progress line makes room for them. Safe for concurrent use.</summary>
    public void WriteError(string lines)
    {
        lock (_errorLock)
        {
            EraseProgress();
            Error.Write(lines);
        }
    }

    /// <summary>Replaces the last line of standard error. What does not fit is cut: a line that wraps could not be replaced.</summary>
    public void ShowProgress(string line)
    {
        lock (_errorLock)
        {
            var columns = IsOutputWatched ? Columns : UnknownColumns;
            var shown = line.Length < columns - EchoWidth ? line : line[..(columns - EchoWidth - 1)];
            Error.Write($"\r{shown.PadRight(_progressWidth)}");
            _progressWidth = shown.Length;
        }
    }

    /// <summary>Takes the progress line away.</summary>
    public void ClearProgress()
    {
        lock (_errorLock)
        {
            EraseProgress();
        }
    }

    /// <summary>Whether trouble is that nobody reads standard output any more, as behind <c>| head</c>: no reason to complain.</summary>
    public bool IsReaderGone(Exception trouble)
    {
        const int BrokenPipe = 32;
        return !IsOutputWatched && trouble is IOException { HResult: BrokenPipe };
    }

    public void Dispose()
    {
        FlushQuietly(Output);
        FlushQuietly(Error);
    }

    private void EraseProgress()
    {
        if (_progressWidth > 0)
        {
            Error.Write($"\r{new string(' ', _progressWidth + EchoWidth)}\r");
            _progressWidth = 0;
        }
    }

    private static int ColumnsOfProcess()
    {
        const int Unwatched = 200;
        return Console.IsOutputRedirected ? Unwatched : Math.Clamp(Console.WindowWidth, 40, 1000);
    }

    // Whoever reads (a pager, head) may have closed its end: nothing is left to tell then.
    private static void FlushQuietly(TextWriter writer)
    {
        try
        {
            writer.Flush();
        }
        catch (IOException)
        {
        }
    }
}
