using Dymes.Programs.Configuration;

namespace Dymes.Programs.Logging;

/// <summary>What is logged, and how.</summary>
public sealed class LoggingSettings
{
    /// <summary>The least level that is logged.</summary>
    [Setting("what an operator must know: start, stop, trouble")]
    public LoggingLevel Level { get; set; } = LoggingLevel.Info;

    /// <summary>The form of a line.</summary>
    [Setting("people read a terminal; collectors want json")]
    public LoggingFormat Format { get; set; } = LoggingFormat.Text;
}

/// <summary>The levels, by the original's names.</summary>
public enum LoggingLevel
{
    /// <summary>Every step.</summary>
    Fine,

    /// <summary>For who looks for a fault, Orleans' own messages included.</summary>
    Debug,

    /// <summary>Start, stop, and what an operator must know.</summary>
    Info,

    /// <summary>Trouble that heals itself.</summary>
    Warn,

    /// <summary>Trouble that does not.</summary>
    Err,

    /// <summary>The process cannot go on.</summary>
    Fatal,
}

/// <summary>The forms of a log line.</summary>
public enum LoggingFormat
{
    /// <summary>One line of text.</summary>
    Text,

    /// <summary>One line of JSON.</summary>
    Json,
}
