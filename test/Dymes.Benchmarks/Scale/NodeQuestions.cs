using System.Diagnostics;
using Dymes.Benchmarks.Load;
using Dymes.Client;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Benchmarks.Scale;

/// <summary>Questions that should not take longer because there is more beside what they are about. Each is asked of many places, and its time is the median.</summary>
internal sealed class NodeQuestions(Uri node, long messages, long channels) : IDisposable
{
    private const int Places = 41;
    private const int PageMessages = 100;
    private readonly DymesClient _client = new(new DymesClientOptions { Addresses = [node] });
    private readonly HttpClient _http = new() { BaseAddress = node };
    private readonly Random _places = new(1); // the same ones in each run, others in each round

    public IReadOnlyList<(string Name, Func<Task<double>> AskAsync)> All =>
    [
        ("one message by id", () => MedianAsync(async () => await TimeAsync(new MessageQuery { Selection = new IdsSelection([await SomeIdAsync()]) }))),
        ($"{PageMessages} messages from a position", () => MedianAsync(() => TimeAsync(new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = SomeLsn() }, Limit = PageMessages }))),
        ($"{PageMessages} messages from a time", () => MedianAsync(async () => await TimeAsync(
            new MessageQuery { Selection = new TimeSelection(), Bounds = MessageBounds.Everything with { FromId = MessageId.FirstAt((await SomeIdAsync()).UnixMilliseconds) }, Limit = PageMessages }))),
        ("the first message of a channel", () => MedianAsync(async () => (await FrameDownload.RunAsync(_http, $"?channel={_places.NextInt64(channels)}&limit=1")).Seconds)),
        ("the newest message of a channel", () => MedianAsync(async () => (await FrameDownload.RunAsync(_http, $"?channel={_places.NextInt64(channels)}&limit=1&order=desc")).Seconds)),
    ];

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private static async Task<double> MedianAsync(Func<Task<double>> askAsync)
    {
        var milliseconds = new List<double>();
        for (var place = 0; place < Places; place++)
        {
            milliseconds.Add(await askAsync() * 1000);
        }

        return milliseconds.Order().ElementAt(Places / 2);
    }

    private async Task<double> TimeAsync(MessageQuery query)
    {
        var watch = Stopwatch.StartNew();
        var count = 0;
        await foreach (var page in _client.QueryAsync(query))
        {
            count += page.Count;
        }

        return count > 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{query} found nothing.");
    }

    private async Task<MessageId> SomeIdAsync()
    {
        await foreach (var page in _client.QueryAsync(new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = SomeLsn() }, Limit = 1 }))
        {
            foreach (var frame in page)
            {
                return frame.Id;
            }
        }

        throw new InvalidOperationException("The log is shorter than what was appended.");
    }

    private Lsn SomeLsn() => new((ulong)_places.NextInt64(messages - PageMessages));
}
