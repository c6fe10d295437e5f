using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Answering;

/// <summary>Sends an answer that is ready as a whole.</summary>
internal static class BytesAnswer
{
    public static async Task SendAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> bytes)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.BodyWriter.WriteAsync(bytes).ConfigureAwait(false);
        }
    }
}
