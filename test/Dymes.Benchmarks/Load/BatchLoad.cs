using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Dymes.Benchmarks.Micro;

namespace Dymes.Benchmarks.Load;

/// <summary>A body of many messages, made before the clock starts and sent again and again.</summary>
/// <param name="ContentType">Its form.</param>
/// <param name="Bytes">The messages.</param>
/// <param name="Count">How many there are.</param>
internal sealed record BatchLoad(string ContentType, byte[] Bytes, int Count)
{
    /// <summary>Messages as lines of JSON with base64 bodies.</summary>
    public static BatchLoad Lines(int count, int channels, int bodyBytes = SampleMessages.BodyBytes)
    {
        var lines = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            lines.Write(SampleMessages.CreationRequest(i % channels, bodyBytes));
            lines.Write("\n"u8);
        }

        return new BatchLoad("application/x-ndjson", lines.ToArray(), count);
    }

    /// <summary>The same messages as raw frames.</summary>
    public static BatchLoad Frames(int count, int channels, int bodyBytes = SampleMessages.BodyBytes, int firstChannel = 0) =>
        new("application/vnd.dymes.frames", SampleMessages.Frames(count, channels, bodyBytes, firstChannel), count);

    /// <summary>Posts the body over a few connections until the time is over; returns messages acknowledged per second.</summary>
    public async Task<double> RunAsync(Uri node, int connections, TimeSpan duration)
    {
        using var http = new HttpClient { BaseAddress = node };
        var watch = Stopwatch.StartNew();
        var senders = Enumerable.Range(0, connections).Select(async _ =>
        {
            long acknowledged = 0;
            while (watch.Elapsed < duration)
            {
                acknowledged += await PostAsync(http);
            }

            return acknowledged;
        });
        var total = (await Task.WhenAll(senders.ToArray())).Sum();
        return total / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Posts the body so often that this many messages are stored.</summary>
    public async Task FillAsync(Uri node, long messages)
    {
        using var http = new HttpClient { BaseAddress = node };
        for (long stored = 0; stored < messages; stored += Count)
        {
            await PostAsync(http);
        }
    }

    /// <summary>Posts the body once; returns how many messages were acknowledged, which is all of them.</summary>
    public async Task<int> PostAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/messages:batch") { Content = new ByteArrayContent(Bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        var appended = Occurrences(answer, "\"outcome\":\"appended\""u8);
        return response.IsSuccessStatusCode && appended == Count
            ? appended
            : throw new InvalidOperationException($"{appended} of {Count} messages were appended ({response.StatusCode}): {Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 500)))}");
    }

    private static int Occurrences(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        var count = 0;
        for (var at = text.IndexOf(word); at >= 0; at = text.IndexOf(word))
        {
            count++;
            text = text[(at + word.Length)..];
        }

        return count;
    }
}
