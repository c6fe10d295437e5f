using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>Runs one request against the model: message by message, and takes all back where an atomic one is refused.</summary>
internal sealed class ModelAppend(ModelState state, Func<MessageId> nextId)
{
    public AppendReceipt[] Run(AppendRequest request)
    {
        if (request.IdempotencyKey is { } key && state.Remembered.TryGetValue(key, out var first))
        {
            return AnswerAgain(request, first);
        }

        var before = state.Log.Count;
        var receipts = new List<AppendReceipt>();
        foreach (var frame in new FrameEnumerator(request.Frames.Span))
        {
            var receipt = AppendOne(request, frame, receipts.Count);
            if (!receipt.IsStored && request.IsAtomic)
            {
                state.CutTo(before);
                return Abort(request, receipts.Count, receipt);
            }

            receipts.Add(receipt);
        }

        return [.. receipts];
    }

    private AppendReceipt AppendOne(AppendRequest request, MessageFrame frame, int index)
    {
        if (!frame.Id.IsNone && state.Find(frame.Id) is { } holder)
        {
            if (!holder.Frame.HasContentOf(frame))
            {
                return Refusal(AppendOutcome.IdConflict, frame.Id);
            }

            return holder.Receipt(AppendOutcome.Replayed);
        }

        var version = state.Version(frame.Channel);
        if (request.Conditions.Any(condition => condition.MessageIndex == index && condition.ExpectedVersion != version))
        {
            return new AppendReceipt(AppendOutcome.VersionMismatch, frame.Id, default, version);
        }

        if (!request.AllowsMissingParents && !frame.CorrelationId.IsNone && state.Find(frame.CorrelationId) is null)
        {
            return Refusal(AppendOutcome.ParentMissing, frame.Id);
        }

        var message = state.Append(frame, frame.Id.IsNone ? nextId() : frame.Id);
        return message.Receipt(AppendOutcome.Appended);
    }

    private AppendReceipt[] AnswerAgain(AppendRequest request, (Lsn First, int Count) known)
    {
        var frames = Frames.Split(request.Frames.Span);
        var first = known.Count == frames.Count ? FirstRun(frames, (int)known.First.Value) : [];
        var isSame = first.Count == frames.Count
            && frames.Zip(first).All(pair => Frames.First(pair.First).HasContentOf(pair.Second.Frame));
        return isSame
            ? [.. first.Select(message => message.Receipt(AppendOutcome.Replayed))]
            : [.. frames.Select(frame => Refusal(AppendOutcome.IdempotencyMismatch, Frames.First(frame).Id))];
    }

    // Messages with ids of their own are found by them; the others stand in the log one after the other, from the mark on.
    private List<ModelMessage> FirstRun(IReadOnlyList<byte[]> frames, int next)
    {
        var run = new List<ModelMessage>();
        foreach (var frame in frames)
        {
            var id = Frames.First(frame).Id;
            var message = id.IsNone ? state.Log.ElementAtOrDefault(next) : state.Find(id);
            if (message is null)
            {
                break;
            }

            next += message.Lsn.Value == (ulong)next ? 1 : 0;
            run.Add(message);
        }

        return run;
    }

    private static AppendReceipt[] Abort(AppendRequest request, int offender, AppendReceipt refusal)
    {
        var receipts = Frames.Split(request.Frames.Span)
            .Select(frame => Refusal(AppendOutcome.Aborted, Frames.First(frame).Id)).ToArray();
        receipts[offender] = refusal;
        return receipts;
    }

    private static AppendReceipt Refusal(AppendOutcome outcome, MessageId id) => new(outcome, id, default, 0);
}
