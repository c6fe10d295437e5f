using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Answering;

/// <summary>Sends an answer that is ready as a whole, or begins one that is not.</summary>
internal static class BytesAnswer
{
    /// <summary>Tells the form of a stream, before its first bytes.</summary>
    public static void Begin(HttpContext http, string contentType)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = contentType;
        }
    }

    public static async Task SendAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> bytes)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await PatientOutput.WriteAsync(http, bytes, http.RequestAborted).ConfigureAwait(false);
        }
    }
}
