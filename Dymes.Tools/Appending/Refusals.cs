using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Tools.Appending;

/// <summary>What the refusal of a message is to the one who sent it.</summary>
internal static class Refusals
{
    public static DymesException ToException(AppendReceipt receipt)
    {
        var (code, message) = receipt.Outcome switch
        {
            AppendOutcome.VersionMismatch => (ErrorCode.VersionMismatch, $"The channel holds {receipt.ChannelVersion} messages, which is not the version expected. Read what is new, then decide again."),
            AppendOutcome.IdConflict => (ErrorCode.IdConflict, $"The id {receipt.Id} holds another message."),
            AppendOutcome.ParentMissing => (ErrorCode.ParentMissing, "The message that it follows from is not in the log. Append that one first."),
            AppendOutcome.IdempotencyMismatch => (ErrorCode.IdempotencyMismatch, "The idempotency key was used for another message. Choose a new key."),
            AppendOutcome.Aborted => (ErrorCode.Internal, "Another message of the batch was refused."),
            var other => throw new InvariantViolation($"{other} is no refusal"),
        };
        return new DymesException(code, message);
    }
}
