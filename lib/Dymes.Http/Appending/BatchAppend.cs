using System.Globalization;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>Appends many messages: <c>POST /api/v1/messages:batch</c> and <c>POST /api/v1/import</c>.</summary>
internal sealed class BatchAppend(IMessageLog log, HttpLimits limits, ByteBudget budget, HttpMetrics metrics, SingleAppend single, CancellationToken stopping)
{
    private static readonly string[] LineTypes = [MediaTypes.Lines, "application/ndjson", "application/jsonl", "application/x-jsonlines"];

    // A batch that ends within its first buffer holds that and no more. So many of them weigh as much as a large one, and a client that sends each message by itself, from many threads, is let in.
    private const int SmallBytesMax = 64 * 1024;
    private const int SmallPerPlace = 64;

    // What is as short comes in a packet or two, and cannot hold more good messages than one request of the log: to gather and answer it as it comes would gain nothing, and cost more than its messages.
    private const int ShortBytesMax = 3 * MessageLimits.RequestMessagesMax;

    private readonly Turnstile _turnstile = new(limits.BatchesMax, "batches and imports", metrics.CountBatches);
    private readonly Turnstile _smallTurnstile = new(limits.BatchesMax * SmallPerPlace, "small batches", metrics.CountBatches);

    public async Task PostAsync(HttpContext http)
    {
        // Answers begin before the request ends: what is wrong with the head must be found now.
        var form = MediaTypes.Choose(http.Request, MediaTypes.Lines, MediaTypes.Json);
        var items = ItemsOf(http.Request);
        var kind = new BatchKind(items is FrameItems, RequestIds.Optional, ReservedUse.OnNone);
        var wishes = WishesOf(http.Request, kind);
        using var pass = Enter(http.Request);
        if (wishes.IsOneRequest || http.Request.ContentLength <= ShortBytesMax)
        {
            await new WholeBatch(log, http, items, kind with { Reserved = wishes.IdempotencyKey is null ? ReservedUse.OnNone : ReservedUse.OnFirst }, wishes, form).RunAsync().ConfigureAwait(false);
            return;
        }

        await StreamAsync(http, items, kind, wishes.AllowsMissingParents, form).ConfigureAwait(false);
    }

    public async Task ImportAsync(HttpContext http)
    {
        if (MediaTypes.Is(http.Request.ContentType, MediaTypes.Json) && !await BeginsArrayAsync(http.Request).ConfigureAwait(false))
        {
            await single.ImportAsync(http).ConfigureAwait(false);
            return;
        }

        var form = MediaTypes.Choose(http.Request, MediaTypes.Lines, MediaTypes.Json);
        var items = ItemsOf(http.Request);
        var kind = new BatchKind(items is FrameItems, RequestIds.Required, ReservedUse.OnAll);
        using var pass = Enter(http.Request);
        await StreamAsync(http, items, kind, AppendHeaders.Flag(http.Request, "allow_missing_parents"), form).ConfigureAwait(false);
    }

    private Turnstile.Pass Enter(HttpRequest request) => (request.ContentLength <= SmallBytesMax ? _smallTurnstile : _turnstile).Enter();

    private async Task StreamAsync(HttpContext http, IBatchItems items, BatchKind kind, bool allowsMissingParents, string form)
    {
        using var receipts = new ReceiptBacklog(http, form, limits, budget);
        using var stream = new BatchStream(log, http, items, kind, allowsMissingParents, receipts);
        await stream.RunAsync(stopping).ConfigureAwait(false);
    }

    private IBatchItems ItemsOf(HttpRequest request)
    {
        var type = request.ContentType;
        if (MediaTypes.Is(type, MediaTypes.Frames))
        {
            return new FrameItems();
        }

        if (MediaTypes.Is(type, MediaTypes.Json))
        {
            return new ArrayItems(limits.RequestBytesMax);
        }

        return LineTypes.Any(lines => MediaTypes.Is(type, lines))
            ? new LineItems(limits.RequestBytesMax)
            : throw Refusal.MediaType(type, "application/x-ndjson (one message a line), application/json (an array) or application/vnd.dymes.frames");
    }

    private static BatchWishes WishesOf(HttpRequest request, BatchKind kind)
    {
        var wishes = new BatchWishes(
            AppendHeaders.Flag(request, "atomic"),
            AppendHeaders.Flag(request, "allow_missing_parents"),
            AppendHeaders.KeyOf(request),
            ConditionCountOf(request, kind));
        return wishes.IdempotencyKey is null || wishes.IsAtomic || kind.IsFrames
            ? wishes
            : throw Refusal.Parameter(AppendHeaders.IdempotencyKey, "An idempotency key goes with one message or with ?atomic=true: the parts of any other batch may fare differently.");
    }

    private static int ConditionCountOf(HttpRequest request, BatchKind kind)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue("conditions", out var text))
        {
            return 0;
        }

        return kind.IsFrames && int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MessageLimits.RequestMessagesMax
            ? count
            : throw Refusal.Parameter("conditions", $"The parameter conditions tells how many conditions stand before raw frames, 0 to {MessageLimits.RequestMessagesMax}; JSON has expected_version instead.");
    }

    private static async ValueTask<bool> BeginsArrayAsync(HttpRequest request)
    {
        while (true)
        {
            var result = await request.BodyReader.ReadAsync().ConfigureAwait(false);
            var first = FirstSymbol(result.Buffer);
            request.BodyReader.AdvanceTo(result.Buffer.Start, first is null && !result.IsCompleted ? result.Buffer.End : result.Buffer.Start);
            if (first is not null || result.IsCompleted)
            {
                return first == '[';
            }

            if (result.Buffer.Length > MessageLimits.FrameBytesMax)
            {
                return false;
            }
        }
    }

    private static byte? FirstSymbol(System.Buffers.ReadOnlySequence<byte> buffer)
    {
        foreach (var segment in buffer)
        {
            var at = segment.Span.IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
            if (at >= 0)
            {
                return segment.Span[at];
            }
        }

        return null;
    }
}
