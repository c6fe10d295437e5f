namespace Dymes.Common;

/// <summary>An expected kind of trouble: the environment, the input or the stored bytes. Its message names the next step.</summary>
public sealed class DymesException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The stable code.</param>
    /// <param name="message">What happened and what to do, as one or two sentences for people.</param>
    /// <param name="innerException">The cause, if another exception is.</param>
    public DymesException(ErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; }

    /// <summary>The JSON pointer or option name of the offending field, where there is one.</summary>
    public string? Field { get; init; }

    /// <summary>The position of the message that cannot be read, where there is one.</summary>
    public Lsn? Lsn { get; init; }
}
