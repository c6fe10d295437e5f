using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Node;

/// <summary>Reading back what was stored, by one reader.</summary>
internal static class ScanReads
{
    public const string Section = "Reading over HTTP, raw frames, one reader";
    private const int Messages = 500_000;
    private const int PerChannel = 1000;
    private const int ChannelsRead = 100;

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        await using var node = await BenchNode.StartAsync(options.Directory);
        await BatchLoad.Frames(5000, channels: Messages / PerChannel).FillAsync(node.Address, Messages);
        using var http = new HttpClient { BaseAddress = node.Address };
        await Expect(http, "", Messages);

        var scans = await Rounds.InTurnsAsync(options.Rounds, () => Expect(http, "", Messages));
        report.Add(Section, new Measure($"all {Messages:N0} in the order of the log", "messages/s", [.. scans[0].Select(scan => scan.PerSecond)]));

        var channels = await Rounds.InTurnsAsync(options.Rounds, () => ReadChannelsAsync(http));
        var first = channels[0].Select(round => round.FirstSeconds * 1000).Order().ElementAt(options.Rounds / 2);
        report.Add(
            Section,
            new Measure($"channels of {PerChannel:N0}, one after the other", "messages/s", [.. channels[0].Select(round => round.PerSecond)], $"first bytes after {Measure.Text(first)} ms"));
        report.Add(Section, new Measure("resident memory afterwards", "MB", [node.ResidentMegabytes]));
    }

    private static async Task<ReadResult> ReadChannelsAsync(HttpClient http)
    {
        long messages = 0;
        double seconds = 0;
        double first = 0;
        for (var channel = 0; channel < ChannelsRead; channel++)
        {
            var result = await Expect(http, $"?channel={channel * 3 % (Messages / PerChannel)}", PerChannel);
            messages += result.Messages;
            seconds += result.Seconds;
            first += result.FirstSeconds / ChannelsRead;
        }

        return new ReadResult(messages, seconds, first);
    }

    private static async Task<ReadResult> Expect(HttpClient http, string query, long messages)
    {
        var result = await FrameDownload.RunAsync(http, query);
        return result.Messages == messages ? result : throw new InvalidOperationException($"\"{query}\" gave {result.Messages} messages, not {messages}.");
    }
}
