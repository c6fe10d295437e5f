using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dymes.Common;

namespace Dymes.Client.Calls;

/// <summary>A node's answer that is not a success, as a problem (RFC 9457) or, from something in between that does not know them, by its status alone.</summary>
/// <param name="Trouble">What the caller is told.</param>
/// <param name="RetryAfter">How long the node asks to wait.</param>
internal sealed record Refusal(DymesException Trouble, TimeSpan? RetryAfter)
{
    private const string ProblemMediaType = "application/problem+json";
    private const int DetailCharsMax = 500;

    public static async ValueTask<Refusal> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var problem = response.Content.Headers.ContentType?.MediaType == ProblemMediaType ? TryParse(text) : null;
        var code = problem?.Type is { } type ? CodeOf(type) : CodeOf(response.StatusCode);
        var detail = problem?.Detail ?? problem?.Title ?? $"The node answered {(int)response.StatusCode} {response.ReasonPhrase}{Quote(text)}.";
        return new Refusal(new DymesException(code, detail) { Field = problem?.Field }, Wait(response.Headers.RetryAfter, clock));
    }

    private static ProblemAnswer? TryParse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, AnswerJson.Default.ProblemAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The type is a URI; the stable name is its last part.
    private static ErrorCode CodeOf(string type) => ErrorCatalog.FromSlug(type.AsSpan(type.LastIndexOfAny(['/', ':', '#']) + 1));

    // Without a problem the answer is not a node's own: whether the request got through is not known, unless the status says that it was turned away.
    private static ErrorCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => ErrorCode.NotFound,
        HttpStatusCode.RequestEntityTooLarge => ErrorCode.TooLarge,
        HttpStatusCode.UnsupportedMediaType => ErrorCode.UnsupportedMediaType,
        HttpStatusCode.TooManyRequests => ErrorCode.Overloaded,
        HttpStatusCode.NotImplemented => ErrorCode.NotSupported,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ErrorCode.ConnectionFailed,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => ErrorCode.InvalidArgument,
        _ => ErrorCode.Internal,
    };

    private static string Quote(byte[] text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        var shown = System.Text.Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(text.Length, DetailCharsMax)));
        return $": {shown.ReplaceLineEndings(" ").Trim()}";
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider clock)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);
        return wait is { } time && time < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
