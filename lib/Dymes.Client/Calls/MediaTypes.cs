using System.Net.Http.Headers;

namespace Dymes.Client.Calls;

/// <summary>The forms that requests and answers have.</summary>
internal static class MediaTypes
{
    public static readonly MediaTypeHeaderValue Frames = new("application/vnd.dymes.frames");
    public static readonly MediaTypeHeaderValue Json = new("application/json");
    public static readonly MediaTypeWithQualityHeaderValue AcceptFrames = new("application/vnd.dymes.frames");
    public static readonly MediaTypeWithQualityHeaderValue AcceptJson = new("application/json");
    public static readonly MediaTypeWithQualityHeaderValue AcceptLines = new("application/x-ndjson");
}
