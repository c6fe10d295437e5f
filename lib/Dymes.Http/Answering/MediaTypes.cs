using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dymes.Http.Answering;

/// <summary>The forms of requests and answers, and which of them a client means.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";
    public const string Frames = "application/vnd.dymes.frames";
    public const string Bytes = "application/octet-stream";
    public const string Text = "text/plain";
    public const string Events = "text/event-stream";

    /// <summary>Whether a Content-Type is this one, whatever its parameters.</summary>
    public static bool Is(string? contentType, string type)
    {
        if (contentType is null || !contentType.StartsWith(type, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = contentType.AsSpan(type.Length).TrimStart();
        return rest.IsEmpty || rest[0] == ';';
    }

    /// <summary>The offer that the client likes best, the first of equals; the first offer where it does not say.</summary>
    /// <exception cref="Refusal">It accepts none of them.</exception>
    public static string Choose(HttpRequest request, params ReadOnlySpan<string> offers)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is null or "" or "*/*"))
        {
            return offers[0];
        }

        foreach (var offer in offers)
        {
            if (accept.Count == 1 && accept[0] == offer)
            {
                return offer;
            }
        }

        return ChooseByQuality(accept!, offers);
    }

    private static string ChooseByQuality(IList<string> accept, ReadOnlySpan<string> offers)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            throw Refusal.Parameter("Accept", "The Accept header is malformed; write media types with commas between them.");
        }

        var best = "";
        var bestQuality = 0.0;
        foreach (var offer in offers)
        {
            var quality = QualityOf(MediaTypeHeaderValue.Parse(offer), ranges);
            if (quality > bestQuality)
            {
                (best, bestQuality) = (offer, quality);
            }
        }

        return best.Length > 0 ? best : throw Refusal.NotAcceptable(string.Join(", ", offers.ToArray()));
    }

    // The most specific range that matches counts (RFC 9110, 12.5.1).
    private static double QualityOf(MediaTypeHeaderValue offer, IList<MediaTypeHeaderValue> ranges)
    {
        var quality = 0.0;
        var bestRank = -1;
        foreach (var range in ranges)
        {
            var rank = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            if (rank > bestRank && offer.IsSubsetOf(range))
            {
                (quality, bestRank) = (range.Quality ?? 1.0, rank);
            }
        }

        return quality;
    }
}
