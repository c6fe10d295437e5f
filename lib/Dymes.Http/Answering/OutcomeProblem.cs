using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Http.Answering;

/// <summary>What the refusal of a message means to HTTP.</summary>
internal static class OutcomeProblem
{
    public static Problem Of(AppendReceipt receipt) => receipt.Outcome switch
    {
        AppendOutcome.VersionMismatch => Problem.Of(
            ErrorCode.VersionMismatch,
            $"The channel holds {receipt.ChannelVersion} messages. Read what came, decide again, and expect {receipt.ChannelVersion}.") with
        { ChannelVersion = receipt.ChannelVersion },
        AppendOutcome.IdConflict => Problem.Of(
            ErrorCode.IdConflict, "The log has a message with this id and other content. Ids are for ever: append with another one.") with
        { Id = receipt.Id.ToString() },
        AppendOutcome.ParentMissing => Problem.Of(
            ErrorCode.ParentMissing,
            "The message that encoded_correlation_id names is not in the log. Append it first; an import in any order takes ?allow_missing_parents=true.") with
        { Field = "/encoded_correlation_id" },
        AppendOutcome.IdempotencyMismatch => Problem.Of(
            ErrorCode.IdempotencyMismatch, "This Idempotency-Key was used for a request with other content. Use a new key for a new request.") with
        { Field = "Idempotency-Key" },
        AppendOutcome.Aborted => Problem.Of(ErrorCode.InvalidArgument, "Another message of the same atomic batch was refused, so this one was not appended."),
        _ => throw new InvariantViolation($"a message that was {receipt.Outcome} is no problem"),
    };
}
