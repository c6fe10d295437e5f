using System.Buffers;
using Dymes.Client.Calls;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Client.Reading;

/// <summary>The request for the messages of a query, with nothing of it lost.</summary>
internal static class QueryRequest
{
    public static HttpRequestMessage Create(Uri address, MessageQuery query, bool isLive)
    {
        var body = new ArrayBufferWriter<byte>();
        MessageQueryJson.Write(body, query);
        var path = isLive ? "api/v1/messages:subscribe" : "api/v1/messages:query";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path)) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        request.Content.Headers.ContentType = MediaTypes.Json;
        request.Headers.Accept.Add(MediaTypes.AcceptFrames);
        return request;
    }
}
