using System.Text;

namespace Dymes.Tools.Terminal;

/// <summary>What a tool reads from and writes to. A test gives its own streams.</summary>
internal sealed class ToolTerminal : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public ToolTerminal(Stream input, Stream output, Stream error)
    {
        Input = input;
        OutputBytes = output;
        Output = new StreamWriter(output, Utf8, BufferBytes, leaveOpen: true) { NewLine = "\n" };
        Error = TextWriter.Synchronized(new StreamWriter(error, Utf8, 1024, leaveOpen: true) { NewLine = "\n", AutoFlush = true });
    }

    /// <summary>Standard input, as bytes.</summary>
    public Stream Input { get; }

    /// <summary>Standard output, for raw bytes. Flush <see cref="Output"/> before writing here.</summary>
    public Stream OutputBytes { get; }

    /// <summary>Standard output, for text.</summary>
    public StreamWriter Output { get; }

    /// <summary>Standard error: complaints and progress. Safe for concurrent use.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether somebody watches standard output.</summary>
    public bool IsOutputWatched { get; init; }

    /// <summary>Whether somebody watches standard error; progress is shown only then.</summary>
    public bool IsErrorWatched { get; init; }

    /// <summary>Whether standard input is a person.</summary>
    public bool IsInputTyped { get; init; }

    /// <summary>How many columns a line has.</summary>
    public int Columns { get; init; } = 120;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Environment variables by name.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>The terminal of this process.</summary>
    public static ToolTerminal OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.OpenStandardError())
    {
        IsOutputWatched = !Console.IsOutputRedirected,
        IsErrorWatched = !Console.IsErrorRedirected,
        IsInputTyped = !Console.IsInputRedirected,
        Columns = ColumnsOfProcess(),
        Environment = System.Environment.GetEnvironmentVariable,
    };

    public void Dispose()
    {
        FlushQuietly(Output);
        FlushQuietly(Error);
    }

    private static int ColumnsOfProcess()
    {
        const int Unwatched = 200;
        return Console.IsOutputRedirected ? Unwatched : Math.Clamp(Console.WindowWidth, 60, 1000);
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
