using Microsoft.Extensions.Logging;

namespace Dymes.Programs.Logging;

/// <summary>Something that is logged.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Category">What it comes from.</param>
/// <param name="Message">What happened.</param>
/// <param name="Exception">The trouble behind it, or null.</param>
public readonly record struct LogEvent(DateTimeOffset Time, LogLevel Level, string Category, string Message, Exception? Exception = null);
