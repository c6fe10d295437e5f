using System.Runtime.CompilerServices;
using Dymes.Client.Calls;
using Dymes.Message.Log;

namespace Dymes.Client.Reading;

/// <summary>The messages of a query or a subscription, over as many connections as it takes: each one goes on behind the last message that came.</summary>
/// <param name="Calls">The nodes.</param>
/// <param name="Query">The question.</param>
/// <param name="IsLive">Whether it goes on with the messages that come later.</param>
internal sealed record MessageStream(NodeCalls Calls, MessageQuery Query, bool IsLive)
{
    public async IAsyncEnumerable<FramePage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var progress = new QueryProgress(Query);
        var patience = Calls.BeginPatience();
        var isComplete = false;
        var isResumed = false;
        while (!isComplete)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (stream, failure) = await Calls.TryOpenAsync(address => QueryRequest.Create(address, progress.Rest, IsLive), cancellationToken).ConfigureAwait(false);
            if (stream is not null)
            {
                using var reader = new FrameStreamReader(stream);
                if (isResumed)
                {
                    Calls.Log.Resumed(stream.Address, progress.Place);
                }

                while (failure is null && !isComplete)
                {
                    (var item, failure) = await TryReadAsync(reader, stream, cancellationToken).ConfigureAwait(false);
                    isComplete = IsEnd(item, failure, progress);
                    if (failure is not null || item.IsEnd)
                    {
                        break;
                    }

                    patience.Renew();
                    if (item.Mark is not { } mark)
                    {
                        Calls.Session.Seen.Add(item.Frames.Span);
                        yield return progress.Advance(item.Frames, item.Count);
                    }
                    else if (progress.Advance(mark) is var page && mark.Kind == FrameStreamMarkKind.CaughtUp)
                    {
                        yield return page;
                    }

                    isComplete = progress.IsComplete;
                }

                failure ??= isComplete ? null : stream.FailureOf(new IOException("the subscription was ended by the node"));
            }

            if (failure is not null && !isComplete)
            {
                if (stream is not null)
                {
                    Calls.Leave(stream.Address);
                }

                await Calls.WaitOrThrowAsync(patience, failure, cancellationToken).ConfigureAwait(false);
                isResumed = true;
            }
        }
    }

    // The end of an answer is its end; that of a subscription is a broken connection, unless its limit is reached.
    private bool IsEnd(FrameStreamItem item, FailedAttempt? failure, QueryProgress progress) =>
        progress.IsComplete || (failure is null && item.IsEnd && !IsLive);

    private static async ValueTask<(FrameStreamItem Item, FailedAttempt? Failure)> TryReadAsync(
        FrameStreamReader reader, NodeStream stream, CancellationToken cancellationToken)
    {
        try
        {
            return (await reader.ReadAsync().ConfigureAwait(false), null);
        }
        catch (Exception broken) when (FailedAttempt.IsBrokenConnection(broken)
            || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (default, stream.FailureOf(broken));
        }
    }
}
