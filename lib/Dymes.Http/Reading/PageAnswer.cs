using System.Text;
using Dymes.Http.Answering;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>Answers a query with a limit: a page that is held as a whole, so that its head can tell where the next one begins.</summary>
internal sealed class PageAnswer(ByteBudget budget)
{
    public const string NextHeader = "Dymes-Next";

    // A page of large messages ends before its limit; the next one goes on there.
    private const int FrameBytesMax = 16 * 1024 * 1024;

    public async Task SendAsync(HttpContext http, IMessageLog log, Selection selection, string form)
    {
        using var bytes = new PooledBytes(16 * 1024);
        var seen = new SeenEnd();
        var held = 0L;
        try
        {
            var next = await FillAsync(bytes, log, selection, form, seen, taken =>
            {
                budget.Take(taken);
                held += taken;
            }, http.RequestAborted).ConfigureAwait(false);
            if (next is not null)
            {
                http.Response.Headers.Link = LinkTo(http.Request, next);
                http.Response.Headers[NextHeader] = next;
            }

            SessionRead.Tell(http, seen.Value);
            await BytesAnswer.SendAsync(http, form, bytes.Written).ConfigureAwait(false);
        }
        finally
        {
            budget.GiveBack(held);
        }
    }

    private static async Task<string?> FillAsync(
        PooledBytes bytes, IMessageLog log, Selection selection, string form, SeenEnd seen, Action<long> hold, CancellationToken cancellationToken)
    {
        using var lines = new MessageLines(bytes, selection.Form);
        Write(bytes, form == MediaTypes.Json ? "{\"messages\":["u8 : default);
        var (count, frameBytes, heldBytes) = (0L, 0L, 0L);
        var isCut = false;
        QueryPosition position = default;
        await foreach (var page in log.QueryAsync(selection.Query, cancellationToken).ConfigureAwait(false))
        {
            Write(bytes, lines, page, form, isFirst: count == 0);
            seen.Add(page.Frames.Span);
            count += page.Count;
            frameBytes += page.Frames.Length;
            position = page.Position;
            hold(bytes.Length - heldBytes);
            heldBytes = bytes.Length;
            isCut = frameBytes >= FrameBytesMax;
            if (isCut)
            {
                break;
            }
        }

        var next = count > 0 && (isCut || count == selection.Query.Limit) ? PageCursor.Make(selection.Query, position, selection.IsRelative) : null;
        if (form == MediaTypes.Json)
        {
            Write(bytes, Encoding.ASCII.GetBytes(next is null ? "],\"next\":null}" : $"],\"next\":\"{next}\"}}"));
        }

        return next;
    }

    private static void Write(PooledBytes bytes, MessageLines lines, FramePage page, string form, bool isFirst)
    {
        if (form == MediaTypes.Frames)
        {
            Write(bytes, page.Frames.Span);
            return;
        }

        if (form == MediaTypes.Lines)
        {
            lines.WriteLines(page);
            return;
        }

        foreach (var frame in page)
        {
            Write(bytes, isFirst ? default : ","u8);
            lines.Write(frame);
            isFirst = false;
        }
    }

    private static void Write(PooledBytes bytes, ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return;
        }

        part.CopyTo(bytes.GetSpan(part.Length));
        bytes.Advance(part.Length);
    }

    // The same address, with another place; a URL keeps its escapes as the client wrote them.
    private static string LinkTo(HttpRequest request, string next)
    {
        var parts = (request.QueryString.Value ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => !part.StartsWith("cursor=", StringComparison.OrdinalIgnoreCase))
            .Append("cursor=" + next);
        return $"<{request.PathBase}{request.Path}?{string.Join('&', parts)}>; rel=\"next\"";
    }
}
