using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Dymes.Engine.Tests;

/// <summary>Keeps what is logged, so that a test can say what an operator is told.</summary>
internal sealed class CollectingLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    /// <summary>Everything so far.</summary>
    public IEnumerable<string> Lines => _lines.Select(line => line.Text);

    /// <summary>The warnings and errors so far.</summary>
    public IEnumerable<string> Complaints => _lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));
}
