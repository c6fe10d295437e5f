using System.Net.Sockets;
using Dymes.Common;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>What a grain call that failed on the way means. What a grain itself refuses is a <see cref="DymesException"/> and does not come here.</summary>
internal static class GrainFault
{
    /// <summary>Whether the call failed on the way, so that asking again may help.</summary>
    public static bool IsTransport(Exception error) => error is TimeoutException or OrleansException or SocketException or IOException;

    /// <summary>The error of a read: it changed nothing, so it simply was not run.</summary>
    public static DymesException OfRead(Exception error) =>
        new(ErrorCode.NotReady, $"No storage node answered the read ({error.Message}). Ask again in a moment.", error);

    /// <summary>The error of an append: unless it was turned away at the door, it may have been run.</summary>
    public static DymesException OfAppend(Exception error) => error is LimitExceededException or GatewayTooBusyException
        ? new(ErrorCode.Overloaded, "The storage nodes are overloaded; the append was not run. Send it again in a moment.", error)
        : new(
            ErrorCode.OutcomeUnknown,
            $"No answer came to the append ({error.Message}); it may have been run. Send it again with the same id or idempotency key: it is then not run twice.",
            error);

    /// <summary>The error of a cursor's read: unless it was turned away at the door, it may have moved the cursor.</summary>
    public static DymesException OfCursorRead(Exception error) => error is LimitExceededException or GatewayTooBusyException
        ? OfRead(error)
        : new(
            ErrorCode.OutcomeUnknown,
            $"No answer came to the cursor's read ({error.Message}); the cursor may have moved on. Open another one behind the last message that came, or read on where a lost page does not matter.",
            error);
}
