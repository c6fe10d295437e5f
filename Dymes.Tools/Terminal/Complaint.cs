using Dymes.Common;
using Dymes.Programs.Logging;
using Microsoft.Extensions.Logging;

namespace Dymes.Tools.Terminal;

/// <summary>How trouble is told: a line for people, or an object where the log is JSON; the exit code for programs.</summary>
internal static class Complaint
{
    private const string Category = "dymes";

    public static int Tell(ToolTerminal terminal, DymesException trouble)
    {
        Tell(terminal, $"{Category}: {Describe(trouble)}", trouble);
        return ErrorCatalog.Describe(trouble.Code).ExitCode;
    }

    public static int Tell(ToolTerminal terminal, ErrorCode code, Exception trouble, string advice = "")
    {
        Tell(terminal, $"{Category}: {trouble.Message}{advice}", trouble);
        return ErrorCatalog.Describe(code).ExitCode;
    }

    /// <summary>Tells of something that went wrong while the work goes on.</summary>
    /// <param name="terminal">Has the standard error.</param>
    /// <param name="line">The whole line, as people read it.</param>
    /// <param name="trouble">Its stack comes at debug level.</param>
    public static void Tell(ToolTerminal terminal, string line, Exception? trouble = null)
    {
        var lines = new LogLines(terminal.Logging);
        terminal.WriteError(terminal.Logging.Format == LoggingFormat.Json
            ? lines.Format(new LogEvent(terminal.Clock.GetUtcNow(), LogLevel.Error, Category, line, lines.ShowsStack ? trouble : null))
            : $"{line}\n{(lines.ShowsStack && trouble is not null ? $"{trouble}\n" : "")}");
    }

    public static string Describe(DymesException trouble) => trouble.Field is { Length: > 0 } field ? $"{trouble.Message} ({field})" : trouble.Message;
}
