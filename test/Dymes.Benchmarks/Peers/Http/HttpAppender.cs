using System.Net.Http.Headers;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Micro;

namespace Dymes.Benchmarks.Peers.Http;

/// <summary>Single POSTs of JSON from this process: what a .NET program without a client library does.</summary>
internal sealed class HttpAppender(Uri address) : IAppender
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public string Name => "HttpClient";

    public async Task<LoadResult> RunAsync(AppendLoad load, TimeSpan duration)
    {
        using var http = new HttpClient();
        var requests = Enumerable.Range(0, SystemMessages.Channels).Select(channel => SampleMessages.CreationRequest(channel, load.BodyBytes)).ToArray();
        var sent = 0;
        return await ClosedLoop.RunAsync(load.Clients, load.Batch, duration, async _ =>
        {
            using var content = new ByteArrayContent(requests[(uint)Interlocked.Increment(ref sent) % SystemMessages.Channels]);
            content.Headers.ContentType = Json;
            using var response = await http.PostAsync(address, content);
            response.EnsureSuccessStatusCode();
        });
    }
}
