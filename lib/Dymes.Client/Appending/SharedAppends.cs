using Dymes.Client.Calls;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Client.Appending;

/// <summary>
/// Appends of one message each. A few are under way by themselves; those that come meanwhile wait until one of them is answered, and go together as one request in which each
/// stands for itself. So many callers cost little more than a few, and where there are few, nobody waits. Safe for concurrent use.
/// </summary>
/// <param name="calls">Runs the requests.</param>
/// <param name="ids">Makes the ids of messages that have none; null: the log does.</param>
/// <param name="requestsMax">How many requests are under way at once.</param>
internal sealed class SharedAppends(NodeCalls calls, IdMaker? ids, int requestsMax)
{
    // A larger message is worth a request of its own.
    private const int MessageBytesMax = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<WaitingAppend> _waiting = new();
    private int _requests;
    private int _underWay;

    /// <summary>Whether a request may be carried out together with others. A frame that the node might refuse to read may not: all would be refused with it.</summary>
    public static bool Takes(AppendRequest request) =>
        request is { Count: 1, IdempotencyKey: null, AllowsMissingParents: false, Frames.Length: <= MessageBytesMax } && IsAdmissible(request.Frames.Span);

    /// <summary>Appends a message, by itself or in company.</summary>
    /// <param name="request">One that <see cref="Takes"/> says yes to.</param>
    /// <param name="cancellationToken">Gives up the wait; a message that still waits for company is not sent.</param>
    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        if (Queue(request) is { } waiting)
        {
            using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((WaitingAppend)state!).Cancel(token), waiting);
            return new AppendResult([await waiting.Receipt.ConfigureAwait(false)]);
        }

        try
        {
            return await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (TakeNext(1) is { } next)
            {
                _ = RunAsync(next);
            }
        }
    }

    /// <summary>Sends a request as it is.</summary>
    public async ValueTask<AppendResult> SendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        using var append = PreparedAppend.Of(request, ids);
        var result = await calls.RunAsync(append, append.IsRepeatable, cancellationToken).ConfigureAwait(false);
        calls.Session.Seen.Add(result);
        return result;
    }

    private WaitingAppend? Queue(AppendRequest request)
    {
        lock (_lock)
        {
            if (_requests < requestsMax)
            {
                _requests++;
                _underWay++;
                return null;
            }

            var waiting = new WaitingAppend(request, isRepeatable: ids is not null || HasId(request.Frames.Span), _lock);
            _waiting.Enqueue(waiting);
            return waiting;
        }
    }

    private async Task RunAsync(SharedRequest? shared)
    {
        while (shared is not null)
        {
            try
            {
                shared.Answer(await SendAsync(shared.ToRequest(), CancellationToken.None).ConfigureAwait(false));
            }
            catch (Exception trouble)
            {
                shared.Fail(trouble);
            }

            shared = TakeNext(shared.Count);
        }
    }

    // The place of a request that was answered goes to those that wait, or is given up. A request takes its share of all there are, so that none becomes large and slow while others have nothing to carry.
    private SharedRequest? TakeNext(int answered)
    {
        lock (_lock)
        {
            _underWay -= answered;
            var share = (_underWay + _waiting.Count + requestsMax - 1) / requestsMax;
            var next = new SharedRequest();
            while (next.Count < share && _waiting.TryPeek(out var waiting) && (waiting.Receipt.IsCompleted || next.TryAdd(waiting)))
            {
                _waiting.Dequeue();
            }

            if (next.Count == 0)
            {
                _requests--;
                return null;
            }

            _underWay += next.Count;
            return next;
        }
    }

    private static bool IsAdmissible(ReadOnlySpan<byte> frame)
    {
        try
        {
            return FrameAdmission.Admit(frame, takesReserved: false).Bytes.Length == frame.Length;
        }
        catch (DymesException)
        {
            return false;
        }
    }

    private static bool HasId(ReadOnlySpan<byte> frame) => MessageFrame.TryReadHeader(frame, out var header, out _) && !header.Id.IsNone;
}
