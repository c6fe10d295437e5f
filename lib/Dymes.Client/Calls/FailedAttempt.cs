using Dymes.Common;

namespace Dymes.Client.Calls;

/// <summary>Whether a failed attempt has left anything behind at the node.</summary>
internal enum Effect
{
    /// <summary>The request was certainly not run.</summary>
    None,

    /// <summary>It may have been run.</summary>
    Unknown,

    /// <summary>The node has answered, and will answer the same again.</summary>
    Final,
}

/// <summary>What one attempt came to when it failed: the trouble for the caller, and what it means for trying again.</summary>
/// <param name="Trouble">What the caller is told when it is not tried again.</param>
/// <param name="Effect">Whether the request may have been run.</param>
/// <param name="RetryAfter">How long the node asks to wait.</param>
/// <param name="IsNodeGone">Whether another node should be asked at once.</param>
internal sealed record FailedAttempt(DymesException Trouble, Effect Effect, TimeSpan? RetryAfter = null, bool IsNodeGone = false)
{
    /// <summary>What a refusal means.</summary>
    public static FailedAttempt Of(Refusal refusal) => refusal.Trouble.Code switch
    {
        ErrorCode.Overloaded => new(refusal.Trouble, Effect.None, refusal.RetryAfter),
        ErrorCode.NotReady => new(refusal.Trouble, Effect.None, refusal.RetryAfter, IsNodeGone: true),
        ErrorCode.OutcomeUnknown => new(refusal.Trouble, Effect.Unknown, refusal.RetryAfter),
        ErrorCode.ConnectionFailed => new(refusal.Trouble, Effect.Unknown, refusal.RetryAfter, IsNodeGone: true),
        _ => new(refusal.Trouble, Effect.Final),
    };

    /// <summary>What a broken connection means: one that never came about carried nothing.</summary>
    public static FailedAttempt Of(Exception broken, Uri address)
    {
        var neverConnected = IsConnectTimeout(broken) || broken is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };
        var trouble = new DymesException(ErrorCode.ConnectionFailed, neverConnected
            ? $"No node answers at {Plain(address)}: {broken.Message.TrimEnd('.')}. Start one, or name another address."
            : $"The connection to {Plain(address)} broke: {broken.Message.TrimEnd('.')}.", broken);
        return new FailedAttempt(trouble, neverConnected ? Effect.None : Effect.Unknown, IsNodeGone: true);
    }

    /// <summary>What it means that no answer came in time.</summary>
    public static FailedAttempt TimedOut(Uri address, TimeSpan timeout) =>
        new(new DymesException(ErrorCode.ConnectionFailed, $"{Plain(address)} gave no answer within {timeout.TotalSeconds:0.###} s."), Effect.Unknown, IsNodeGone: true);

    /// <summary>Whether an exception is a connection's, and not a mistake of this library or its caller.</summary>
    public static bool IsBrokenConnection(Exception exception) =>
        exception is HttpRequestException or IOException || IsConnectTimeout(exception);

    // .NET shows a connection that took too long as a cancellation, which nobody asked for.
    private static bool IsConnectTimeout(Exception exception) => exception is OperationCanceledException { InnerException: TimeoutException };

    private static string Plain(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
