using System.Globalization;
using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>Reads raw frames by HTTP and checks nothing, as whoever passes them on does.</summary>
internal sealed class RawFrameReader(HttpClient http) : IReader
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public string Name => "HttpClient, raw frames";

    public bool IsCheap => true;

    public string? Lack(Question question) => null;

    public Task<ReadResult> ReadAsync(Question question) => FrameDownload.RunAsync(http, question switch
    {
        Question.Channel channel => $"?channel={channel.Number}",
        Question.Between between => $"?from={Text(between.From)}&to={Text(between.To)}",
        Question.Tree tree => $"?correlation={tree.Root}&direction=descendants",
        _ => "",
    });

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture);
}
