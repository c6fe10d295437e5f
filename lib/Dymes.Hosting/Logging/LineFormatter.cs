using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Dymes.Hosting.Logging;

/// <summary>One event, one line: time, level, message. The category is left out for Dymes' own; an exception's stack follows at debug level only.</summary>
internal sealed class LineFormatter(TimeProvider clock, bool showsStack) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "dymes";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        textWriter.Write(NameOf(logEntry.LogLevel));
        if (!logEntry.Category.StartsWith("Dymes", StringComparison.Ordinal))
        {
            textWriter.Write($"{logEntry.Category}: ");
        }

        textWriter.Write(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } error)
        {
            textWriter.Write(showsStack ? $"{Environment.NewLine}{error}" : $" ({error.GetType().Name}: {error.Message})");
        }

        textWriter.WriteLine();
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "fine  ",
        LogLevel.Debug => "debug ",
        LogLevel.Information => "info  ",
        LogLevel.Warning => "warn  ",
        LogLevel.Error => "err   ",
        _ => "fatal ",
    };
}
