using System.Globalization;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Http.Appending;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>
/// How fresh a read must be: <c>Dymes-Consistency</c> and <c>Dymes-Min-Lsn</c>. A session read waits until the log has reached the position that the client saw last; a
/// linearizable one until the primary has confirmed that it sees all that was acknowledged anywhere; a stale one waits for nothing. On one node every read is linearizable.
/// </summary>
internal sealed class SessionRead(IMessageLog log, HttpLimits limits, TimeProvider clock)
{
    public const string ConsistencyHeader = "Dymes-Consistency";
    public const string MinLsnHeader = "Dymes-Min-Lsn";

    private readonly IFreshReads? _fresh = log as IFreshReads;

    /// <summary>The log as it is at hand: for questions that no answer of before must agree with.</summary>
    public IMessageLog Stale => _fresh?.Stale ?? log;

    /// <summary>Waits until the log is as far as the request wants it, and returns the log to read from.</summary>
    /// <exception cref="Refusal">It did not get there in time.</exception>
    public async ValueTask<IMessageLog> OpenAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        var consistency = headers.TryGetValue(ConsistencyHeader, out var named) ? named.ToString() : "session";
        if (consistency is not ("linearizable" or "session" or "stale"))
        {
            throw Refusal.Parameter(ConsistencyHeader, $"{ConsistencyHeader} is one of: linearizable, session, stale.");
        }

        Lsn? seen = headers.TryGetValue(MinLsnHeader, out var text) ? Parse(text.ToString()) : null;
        if (consistency == "stale")
        {
            return Stale;
        }

        if (consistency == "linearizable" && _fresh is not null)
        {
            await WithinAsync(
                limits.ConfirmWait,
                _fresh.ConfirmAsync,
                ConsistencyHeader,
                () => $"No primary has confirmed the read within {Seconds(limits.ConfirmWait)} s. Ask again in a while, or with {ConsistencyHeader}: session.",
                http).ConfigureAwait(false);
        }

        if (seen is { } lsn && !(_fresh?.SeenEnd > lsn))
        {
            var end = Lsn.First;
            await WithinAsync(
                limits.SessionWait,
                async ending =>
                {
                    end = (await Stale.GetStatusAsync(ending).ConfigureAwait(false)).NextLsn;
                    await (_fresh is null ? ArriveAsync(lsn, end, ending) : _fresh.ReachAsync(lsn.Next, ending)).ConfigureAwait(false);
                },
                MinLsnHeader,
                () => $"The log has not reached position {lsn} within {Seconds(limits.SessionWait)} s; it is at {end}. Ask another node, or this one again in a while.",
                http).ConfigureAwait(false);
        }

        return log;
    }

    /// <summary>Tells the client the last position that it has seen with this answer, for it to name in its next read.</summary>
    public static void Tell(HttpContext http, Lsn end)
    {
        if (end > Lsn.First)
        {
            http.Response.Headers[AppendHeaders.Lsn] = (end.Value - 1).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static Lsn Parse(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < Lsn.Max.Value
            ? new Lsn(value)
            : throw Refusal.Parameter(MinLsnHeader, $"{MinLsnHeader} is a position of the log, as {AppendHeaders.Lsn} of an answer told it: a whole number from 0.");

    // A subscription to this one position ends when it is there.
    private async Task ArriveAsync(Lsn lsn, Lsn end, CancellationToken cancellationToken)
    {
        if (end > lsn)
        {
            return;
        }

        var query = new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = lsn }, Limit = 1 };
        await foreach (var page in log.SubscribeAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (page.Count > 0)
            {
                return;
            }
        }
    }

    private async Task WithinAsync(TimeSpan patience, Func<CancellationToken, Task> wait, string header, Func<string> refusal, HttpContext http)
    {
        using var timeout = new CancellationTokenSource(patience, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted);
        try
        {
            await wait(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new Refusal(Problem.Of(ErrorCode.NotReady, refusal()) with { Field = header });
        }
    }
}
