using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using Dymes.Message;

namespace Dymes.Benchmarks.Load;

/// <summary>Reads a query's answer as raw frames. It walks from frame to frame by their sizes, which costs next to nothing, and checks no checksum: that is the client's work, not the node's.</summary>
internal static class FrameDownload
{
    private const int BufferBytes = 1 << 20;

    /// <param name="http">A client whose connection is open already.</param>
    /// <param name="query">The parameters of the query, with their question mark.</param>
    public static async Task<ReadResult> RunAsync(HttpClient http, string query)
    {
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/messages{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.dymes.frames"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes); // a new one would cost more than a small answer
        try
        {
            return await ReadAsync(stream, buffer, watch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<ReadResult> ReadAsync(Stream stream, byte[] buffer, Stopwatch watch)
    {
        long messages = 0;
        double first = 0;
        var held = 0;
        while (await stream.ReadAsync(buffer.AsMemory(held)) is var read and > 0)
        {
            first = first == 0 ? watch.Elapsed.TotalSeconds : first;
            held += read;
            var used = 0;
            while (MessageFrame.PeekSize(buffer.AsSpan(used, held - used)) is var size and > 0 && size <= held - used)
            {
                used += size;
                messages++;
            }

            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
        }

        return held == 0 ? new ReadResult(messages, watch.Elapsed.TotalSeconds, first) : throw new InvalidOperationException($"The answer ended with {held} bytes of a frame.");
    }
}
