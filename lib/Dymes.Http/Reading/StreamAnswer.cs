using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Reading;

/// <summary>Answers a query as a stream, page by page: whatever the size of the answer, no more than a page of it is held.</summary>
internal static class StreamAnswer
{
    private const int LineBytesHeld = 64 * 1024;

    /// <summary>Streams raw frames. Each page goes to the connection with one copy.</summary>
    /// <param name="http">The request.</param>
    /// <param name="log">What is asked.</param>
    /// <param name="query">The question.</param>
    /// <param name="withMarks">Whether the client knows the marks that tell a position where a long search has found nothing yet.</param>
    public static async Task SendFramesAsync(HttpContext http, IMessageLog log, MessageQuery query, bool withMarks)
    {
        var mark = new byte[FrameStreamMark.SizeBytes];
        await foreach (var page in log.QueryAsync(query, http.RequestAborted).ConfigureAwait(false))
        {
            BytesAnswer.Begin(http, MediaTypes.Frames);
            if (page.Count == 0 && withMarks)
            {
                new FrameStreamMark(FrameStreamMarkKind.Heartbeat, page.Position).Write(mark);
                await PatientOutput.WriteAsync(http, mark, http.RequestAborted).ConfigureAwait(false);
            }
            else if (page.Count > 0)
            {
                await PatientOutput.WriteAsync(http, page.Frames, http.RequestAborted).ConfigureAwait(false);
            }
        }

        BytesAnswer.Begin(http, MediaTypes.Frames);
    }

    /// <summary>Streams NDJSON.</summary>
    public static async Task SendLinesAsync(HttpContext http, IMessageLog log, MessageQuery query, BodyForm form)
    {
        using var bytes = new PooledBytes(LineBytesHeld);
        using var lines = new MessageLines(bytes, form);
        await foreach (var page in log.QueryAsync(query, http.RequestAborted).ConfigureAwait(false))
        {
            await SendLinesAsync(http, page, bytes, lines).ConfigureAwait(false);
        }

        BytesAnswer.Begin(http, MediaTypes.Lines);
    }

    private static async ValueTask SendLinesAsync(HttpContext http, FramePage page, PooledBytes bytes, MessageLines lines)
    {
        // The enumerator is a view of the page's memory and cannot live across a wait, so it is the offset that is kept.
        var rest = page.Frames;
        while (!rest.IsEmpty)
        {
            rest = rest[WriteSome(rest.Span, bytes, lines)..];
            BytesAnswer.Begin(http, MediaTypes.Lines);
            await PatientOutput.WriteAsync(http, bytes.Written, http.RequestAborted).ConfigureAwait(false);
            bytes.Clear();
        }
    }

    private static int WriteSome(ReadOnlySpan<byte> frames, PooledBytes bytes, MessageLines lines)
    {
        var used = 0;
        foreach (var frame in new FrameEnumerator(frames))
        {
            lines.WriteLine(frame);
            used += frame.Bytes.Length;
            if (bytes.Length >= LineBytesHeld)
            {
                break;
            }
        }

        return used;
    }
}
