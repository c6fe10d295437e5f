using System.Net.Sockets;
using Dymes.Common;
using Orleans.Runtime;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>What a failed grain call means. Only trouble on the way counts here: what a grain itself refuses is a <see cref="DymesException"/> already.</summary>
internal static class GrainFault
{
    /// <summary>Whether the call failed on the way, so that asking again may help.</summary>
    public static bool IsTransport(Exception error) =>
        error is TimeoutException or OrleansException or SocketException or IOException or ObjectDisposedException or InvalidOperationException { Source: "Orleans.Core" };

    /// <summary>The error of a read: it changed nothing, so it simply was not run.</summary>
    public static DymesException OfRead(Exception error) =>
        new(ErrorCode.NotReady, $"No storage node answered the read ({error.Message}). Ask again in a moment.", error);

    /// <summary>The error of an append: unless Orleans turned it away, it may have been run.</summary>
    public static DymesException OfAppend(Exception error) => error is LimitExceededException or SiloUnavailableException { InnerException: null }
        ? new(ErrorCode.Overloaded, $"The append did not reach a storage node ({error.Message}); it was not run. Send it again.", error)
        : new(
            ErrorCode.OutcomeUnknown,
            $"No answer came to the append ({error.Message}); it may have been run. Send it again with the same id or idempotency key: it is then not run twice.",
            error);
}
