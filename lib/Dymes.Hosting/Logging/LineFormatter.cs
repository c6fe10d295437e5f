using Dymes.Programs.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Dymes.Hosting.Logging;

/// <summary>Writes a server's events to its console as all programs of Dymes write theirs.</summary>
internal sealed class LineFormatter(TimeProvider clock, LogLines lines) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "dymes";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter) => textWriter.Write(lines.Format(
        new LogEvent(clock.GetUtcNow(), logEntry.LogLevel, logEntry.Category, logEntry.Formatter(logEntry.State, logEntry.Exception), logEntry.Exception)));
}
