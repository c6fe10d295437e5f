using System.Globalization;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>
/// How fresh a read must be: <c>Dymes-Consistency</c> and <c>Dymes-Min-Lsn</c>. A session read waits until the log has reached the position that the client saw last; a
/// linearizable one until the primary has confirmed that it sees all that was acknowledged anywhere. On one node every read does.
/// </summary>
internal sealed class SessionRead(IMessageLog log, HttpLimits limits, TimeProvider clock)
{
    public const string ConsistencyHeader = "Dymes-Consistency";
    public const string MinLsnHeader = "Dymes-Min-Lsn";

    /// <summary>Waits until the log is as far as the request wants it.</summary>
    /// <exception cref="Refusal">It did not get there in time.</exception>
    public async ValueTask WaitAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.TryGetValue(ConsistencyHeader, out var consistency) && consistency.ToString() is not ("linearizable" or "session" or "stale"))
        {
            throw Refusal.Parameter(ConsistencyHeader, $"{ConsistencyHeader} is one of: linearizable, session, stale.");
        }

        if (consistency == "linearizable" && log is IConfirmedReads confirmed)
        {
            await ConfirmAsync(confirmed, http.RequestAborted).ConfigureAwait(false);
        }

        if (headers.TryGetValue(MinLsnHeader, out var text))
        {
            await WaitAsync(Parse(text.ToString()), http.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task ConfirmAsync(IConfirmedReads reads, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limits.SessionWait, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await reads.ConfirmAsync(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new Refusal(Problem.Of(
                ErrorCode.NotReady,
                $"No primary has confirmed the read within {limits.SessionWait.TotalSeconds:0.###} s. Ask again in a while, or with {ConsistencyHeader}: session.") with
            { Field = ConsistencyHeader });
        }
    }

    private static Lsn Parse(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= Lsn.Max.Value
            ? new Lsn(value)
            : throw Refusal.Parameter(MinLsnHeader, $"{MinLsnHeader} is a position of the log, as {Appending.AppendHeaders.Lsn} of an append told it: a whole number from 0.");

    private async Task WaitAsync(Lsn lsn, CancellationToken cancellationToken)
    {
        var status = await log.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        if (status.NextLsn > lsn)
        {
            return;
        }

        // A subscription to this one position ends when it is there.
        using var timeout = new CancellationTokenSource(limits.SessionWait, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var query = new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = lsn }, Limit = 1 };
        try
        {
            await foreach (var page in log.SubscribeAsync(query, ending.Token).ConfigureAwait(false))
            {
                if (page.Count > 0)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new Refusal(Problem.Of(
                ErrorCode.NotReady,
                $"The log has not reached position {lsn} within {limits.SessionWait.TotalSeconds:0.###} s; it is at {status.NextLsn}. Ask another node, or this one again in a while.") with
            { Field = MinLsnHeader });
        }
    }
}
