using System.Text.Json;
using Dymes.Http.Answering;
using Dymes.Message.Json;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Operating;

/// <summary>An answer that is one JSON document of how things are now.</summary>
internal static class DocumentAnswer
{
    public static async Task SendAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        var form = MediaTypes.Choose(http.Request, MediaTypes.Json);
        using var bytes = new PooledBytes(512);
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            write(json);
        }

        http.Response.Headers.CacheControl = "no-store";
        await BytesAnswer.SendAsync(http, form, bytes.Written).ConfigureAwait(false);
    }
}
