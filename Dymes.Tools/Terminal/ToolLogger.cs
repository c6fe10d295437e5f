using Dymes.Programs.Logging;
using Microsoft.Extensions.Logging;

namespace Dymes.Tools.Terminal;

/// <summary>Logs to standard error, between two states of a progress line.</summary>
internal sealed class ToolLogger(ToolTerminal terminal, string category, LoggingSettings settings) : ILogger
{
    private readonly LogLines _lines = new(settings);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= (LogLevel)settings.Level && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            terminal.WriteError(_lines.Format(new LogEvent(terminal.Clock.GetUtcNow(), logLevel, category, formatter(state, exception), exception)));
        }
    }
}
