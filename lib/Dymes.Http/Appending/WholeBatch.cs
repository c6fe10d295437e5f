using System.Buffers;
using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>
/// A batch that is read as a whole, goes to the log as one request, so that it must fit into one, and gets its answer at once. Where it must be one request – all or none, with
/// conditions, or under an idempotency key – a part that cannot be read refuses it; a batch that is merely short is answered part by part.
/// </summary>
internal sealed class WholeBatch(IMessageLog log, HttpContext http, IBatchItems items, BatchKind kind, BatchWishes wishes, string form)
{
    private const int ConditionBytes = 16;

    private readonly CreationRequestReader _reader = new();

    /// <summary>Reads all of it, appends it, and answers.</summary>
    public async Task RunAsync()
    {
        using var gathering = new Gathering((int)Math.Min(http.Request.ContentLength ?? long.MaxValue, Gathering.FrameBytesUsual));
        await GatherAsync(gathering).ConfigureAwait(false);
        AppendResult? result = null;
        DymesException? failure = null;
        try
        {
            result = gathering.Count == 0 ? null : await log.AppendAsync(gathering.ToRequest(wishes.IsAtomic, wishes.AllowsMissingParents, wishes.IdempotencyKey)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            gathering.Abandon();
            failure = error as DymesException;
            if (failure is null || gathering.FirstProblem is null)
            {
                throw; // it says what became of all there is
            }
        }

        await AnswerAsync(gathering, result, failure).ConfigureAwait(false);
    }

    private async Task GatherAsync(Gathering gathering)
    {
        var pipe = http.Request.BodyReader;
        var conditionsLeft = wishes.ConditionCount;
        var isCompleted = false;
        while (!isCompleted)
        {
            var result = await pipe.ReadAsync().ConfigureAwait(false);
            var buffer = result.Buffer;
            isCompleted = result.IsCompleted;
            try
            {
                while (conditionsLeft > 0 && buffer.Length >= ConditionBytes)
                {
                    gathering.AddCondition(ReadCondition(ref buffer));
                    conditionsLeft--;
                }

                while (conditionsLeft == 0 && items.TryTake(ref buffer, isCompleted, out var item))
                {
                    gathering.Add(item, kind, _reader);
                    if (wishes.IsOneRequest)
                    {
                        Check(gathering);
                    }
                }
            }
            finally
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }

        if (gathering.Count == 0 && wishes.IsOneRequest)
        {
            throw new Refusal(Problem.Of(ErrorCode.InvalidArgument, "The batch is empty."));
        }
    }

    private static void Check(Gathering gathering)
    {
        if (gathering.FirstProblem is { } problem)
        {
            throw new Refusal(problem with { Detail = $"{problem.Detail} Nothing of the batch was appended." });
        }

        if (gathering.Count > MessageLimits.RequestMessagesMax || gathering.FrameBytes > MessageLimits.RequestBytesMax)
        {
            throw Refusal.TooLarge(
                $"What is appended as one request has at most {MessageLimits.RequestMessagesMax} messages and {MessageLimits.RequestBytesMax} bytes as frames. Nothing was appended.");
        }
    }

    private static VersionCondition ReadCondition(ref ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[ConditionBytes];
        buffer.Slice(0, ConditionBytes).CopyTo(bytes);
        buffer = buffer.Slice(ConditionBytes);
        var index = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return index < MessageLimits.RequestMessagesMax
            ? new VersionCondition((int)index, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]))
            : throw Refusal.Parameter("conditions", $"A condition names message {index}; a request has at most {MessageLimits.RequestMessagesMax}.");
    }

    // A client that asks for nothing but lines wants every receipt; others want to see by the status that nothing was appended.
    private async Task AnswerAsync(Gathering gathering, AppendResult? result, DymesException? failure)
    {
        if (wishes.IsAtomic && !result!.First.IsStored && http.Request.Headers.Accept != MediaTypes.Lines)
        {
            throw RefusalOf(gathering, result);
        }

        if (wishes.IdempotencyKey is not null && result!.First.Outcome == AppendOutcome.Replayed)
        {
            http.Response.Headers[AppendHeaders.Replayed] = "true";
        }

        using var bytes = new PooledBytes(512);
        var lines = new ReceiptLines(form);
        lines.Write(bytes, gathering, result, failure);
        lines.WriteEnd(bytes);
        await BytesAnswer.SendAsync(http, form, bytes.Written).ConfigureAwait(false);
    }

    private static Refusal RefusalOf(Gathering gathering, AppendResult result)
    {
        var first = 0;
        while (result.Receipts[first].Outcome == AppendOutcome.Aborted)
        {
            first++;
        }

        var problem = OutcomeProblem.Of(result.Receipts[first]);
        return new Refusal(problem with
        {
            Status = problem.Slug == ErrorCatalog.Describe(ErrorCode.IdempotencyMismatch).Slug ? problem.Status : StatusCodes.Status409Conflict,
            Line = gathering.Slots[first].Line,
            Detail = $"{problem.Detail} Nothing of the batch was appended.",
        });
    }
}

/// <summary>What the head of a batch asks for.</summary>
/// <param name="IsAtomic">All or none.</param>
/// <param name="AllowsMissingParents">Whether messages may follow from ones that are not in the log.</param>
/// <param name="IdempotencyKey">The key that makes it safe to send again.</param>
/// <param name="ConditionCount">How many conditions, 16 bytes each, stand before raw frames.</param>
internal readonly record struct BatchWishes(bool IsAtomic, bool AllowsMissingParents, string? IdempotencyKey, int ConditionCount)
{
    /// <summary>Whether the batch goes to the log as one request or not at all.</summary>
    public bool IsOneRequest => IsAtomic || ConditionCount > 0 || IdempotencyKey is not null;
}
