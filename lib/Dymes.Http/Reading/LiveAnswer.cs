using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>Writes a subscription until the client leaves, its limit is reached, or the node stops. A page at a time is held, and none is asked for before the last one is sent.</summary>
internal sealed class LiveAnswer(HttpContext http, ILiveForm form, TimeSpan heartbeat, TimeProvider clock)
{
    private readonly PooledBytes _bytes = new(16 * 1024);
    private QueryPosition _position;
    private CancellationToken _ending;

    public async Task SendAsync(IMessageLog log, MessageQuery query, CancellationToken ending)
    {
        _ending = ending;
        http.Response.ContentType = form.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.StartAsync(ending).ConfigureAwait(false);
        await http.Response.BodyWriter.FlushAsync(ending).ConfigureAwait(false);
        _position = query.After ?? default;
        using var timer = new PeriodicTimer(heartbeat, clock);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(ending);
        var pages = log.SubscribeAsync(query, giveUp.Token).GetAsyncEnumerator(giveUp.Token);
        Task<bool>? next = null;
        Task<bool>? tick = null;
        try
        {
            while (true)
            {
                next = pages.MoveNextAsync().AsTask();
                while (!next.IsCompleted)
                {
                    tick ??= timer.WaitForNextTickAsync(giveUp.Token).AsTask();
                    if (await Task.WhenAny(next, tick).ConfigureAwait(false) == tick)
                    {
                        await tick.ConfigureAwait(false);
                        tick = null;
                        await SendAsync(FrameStreamMarkKind.Heartbeat).ConfigureAwait(false);
                    }
                }

                if (!await next.ConfigureAwait(false))
                {
                    return;
                }

                await SendAsync(pages.Current).ConfigureAwait(false);
            }
        }
        catch (DymesException error)
        {
            await SendAsync(Problem.Of(error)).ConfigureAwait(false);
        }
        finally
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await SettleAsync(next).ConfigureAwait(false);
            await SettleAsync(tick).ConfigureAwait(false);
            await pages.DisposeAsync().ConfigureAwait(false);
            _bytes.Dispose();
        }
    }

    private async ValueTask SendAsync(FramePage page)
    {
        _position = page.Position;
        if (page.Count == 0)
        {
            await SendAsync(FrameStreamMarkKind.CaughtUp).ConfigureAwait(false);
            return;
        }

        form.WriteMessages(_bytes, page);
        await FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask SendAsync(FrameStreamMarkKind kind)
    {
        form.WriteMark(_bytes, new FrameStreamMark(kind, _position));
        await FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask SendAsync(Problem problem)
    {
        if (form.TryWriteProblem(_bytes, problem))
        {
            await FlushAsync().ConfigureAwait(false);
        }
        else
        {
            http.Abort();
        }
    }

    private async ValueTask FlushAsync()
    {
        await PatientOutput.WriteAsync(http, _bytes.Written, _ending).ConfigureAwait(false);
        _bytes.Clear();
    }

    // The enumerator may only be let go when nobody waits for it.
    private static async ValueTask SettleAsync(Task<bool>? task)
    {
        if (task is not null)
        {
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
