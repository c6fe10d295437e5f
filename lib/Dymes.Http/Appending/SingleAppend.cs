using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>Appends one message: with an id that the log makes, or with one that the client made.</summary>
internal sealed class SingleAppend(IMessageLog log, RequestBodies bodies, FrameDrafts drafts)
{
    /// <summary><c>POST /api/v1/messages</c>.</summary>
    public Task PostAsync(HttpContext http) => AppendJsonAsync(http, RequestIds.Assigned, MessageId.None);

    /// <summary><c>PUT /api/v1/messages/{id}</c>.</summary>
    public Task PutAsync(HttpContext http)
    {
        if (!MessageId.TryParse((string?)http.Request.RouteValues["id"], out var id) || id.IsNone)
        {
            throw Refusal.Parameter("id", "The path must end with a ULID of 26 characters that is not all zeros.");
        }

        return AppendJsonAsync(http, RequestIds.Optional, id);
    }

    /// <summary>One object at <c>POST /api/v1/import</c>.</summary>
    public Task ImportAsync(HttpContext http) => AppendJsonAsync(http, RequestIds.Required, MessageId.None);

    private async Task AppendJsonAsync(HttpContext http, RequestIds ids, MessageId id)
    {
        if (!MediaTypes.Is(http.Request.ContentType, MediaTypes.Json))
        {
            throw Refusal.MediaType(http.Request.ContentType, MediaTypes.Json);
        }

        var draft = drafts.Take();
        var isFrameFree = true;
        try
        {
            var request = await bodies.ReadAsync(
                http.Request,
                (draft, ids, id),
                static (body, state) => state.draft.Reader.Read(body, state.draft.Frame, state.ids, state.id)).ConfigureAwait(false);

            // Should the log fail, it may still be reading the frame.
            isFrameFree = false;
            var result = await log.AppendAsync(RequestFor(http.Request, draft, request)).ConfigureAwait(false);
            isFrameFree = true;
            await ReceiptAnswer.SendAsync(http, result.First).ConfigureAwait(false);
        }
        finally
        {
            drafts.Return(draft, isFrameFree);
        }
    }

    private static AppendRequest RequestFor(HttpRequest http, FrameDraft draft, CreationRequest request)
    {
        var key = AppendHeaders.KeyOf(http);
        return new AppendRequest
        {
            Frames = key is null ? draft.Frame.Written : Marked(draft.Frame.Written.Span, key),
            Count = 1,
            Conditions = request.ExpectedVersion is { } version ? [new VersionCondition(0, version)] : [],
            IdempotencyKey = key,
            AllowsMissingParents = AppendHeaders.Flag(http, "allow_missing_parents"),
        };
    }

    private static byte[] Marked(ReadOnlySpan<byte> frame, string key)
    {
        var frames = new FrameEnumerator(frame);
        frames.MoveNext();
        return IdempotencyMark.AddTo(frames.Current, 1, key);
    }
}
