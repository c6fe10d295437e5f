using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dymes.Http.Answering;

/// <summary>
/// Writes to clients, and breaks with one that takes nothing for too long. Kestrel's minimum rate does not do that: it gives credit for all that was ever sent, so whoever
/// has read a gigabyte may hold a page for days.
/// </summary>
internal static class PatientOutput
{
    // Patience is with each part, so that a large answer may take as long as its client goes on reading.
    private const int PartBytes = 256 * 1024;

    /// <summary>Writes all of it.</summary>
    /// <exception cref="StalledClient">The client took nothing for as long as the limits allow.</exception>
    public static async ValueTask WriteAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken ending)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(PartBytes, bytes.Length)];
            var write = http.Response.BodyWriter.WriteAsync(part, CancellationToken.None);
            if (!write.IsCompleted)
            {
                await WaitAsync(http, write.AsTask(), ending).ConfigureAwait(false);
            }
            else if ((await write.ConfigureAwait(false)).IsCompleted)
            {
                throw new StalledClient();
            }

            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Waits until the client has taken what <paramref name="write"/> gave it.</summary>
    /// <exception cref="StalledClient">It did not, for as long as the limits allow, or it is gone.</exception>
    public static async ValueTask WaitAsync(HttpContext http, Task<FlushResult> write, CancellationToken ending)
    {
        if (!await TryWaitAsync(http, write, null, ending).ConfigureAwait(false))
        {
            // What is still to be written would keep the connection, and the node's stop, waiting. Breaking it may end what ends the wait, too.
            var isEnding = ending.IsCancellationRequested;
            http.Abort();
            throw isEnding ? new OperationCanceledException(ending) : new StalledClient();
        }

        if ((await write.ConfigureAwait(false)).IsCompleted)
        {
            throw new StalledClient();
        }
    }

    /// <summary>Waits for something that only the client can bring about.</summary>
    /// <param name="http">Its request.</param>
    /// <param name="progress">What is waited for.</param>
    /// <param name="patience">For how long; null: what the limits allow.</param>
    /// <param name="ending">Ends the wait.</param>
    /// <returns>False where it did not happen.</returns>
    public static async ValueTask<bool> TryWaitAsync(HttpContext http, Task progress, TimeSpan? patience, CancellationToken ending)
    {
        if (!progress.IsCompleted)
        {
            var clock = http.RequestServices.GetRequiredService<TimeProvider>();
            patience ??= http.RequestServices.GetRequiredService<HttpLimits>().AnswerPatience;
            using var timeout = new CancellationTokenSource(patience.Value, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ending);
            await progress.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return progress.IsCompleted;
    }
}

/// <summary>A client is given up because it takes nothing more of its answer.</summary>
internal sealed class StalledClient() : Exception("The client takes nothing more of its answer.");
