using Dymes.Benchmarks.Load;
using Etcdserverpb;
using Google.Protobuf;

namespace Dymes.Benchmarks.Peers.Etcd;

/// <summary>Reads pages of 1,000 keys.</summary>
internal sealed class EtcdReader(Func<EtcdConnections> connections) : IReader
{
    private const int PageKeys = 1000;

    public string Name => "gRPC, pages of 1,000";

    public string? Lack(Question question) => question switch
    {
        Question.Between => "no index by time",
        Question.Tree => "no index by cause",
        _ => null,
    };

    public async Task<ReadResult> ReadAsync(Question question)
    {
        var client = connections().Any;
        var prefix = question is Question.Channel channel ? EtcdConnections.PrefixOf(channel.Number) : EtcdConnections.Prefix;
        var request = new RangeRequest { Key = ByteString.CopyFromUtf8(prefix), RangeEnd = EndOf(prefix), Limit = PageKeys };
        var clock = new ReadingClock();
        while (true)
        {
            var page = await client.RangeAsync(request);
            clock.Count(page.Kvs.Count);
            if (!page.More)
            {
                return clock.Stop();
            }

            request.Key = ByteString.CopyFrom([.. page.Kvs[^1].Key.Span, 0]);
            request.Revision = page.Header.Revision;
        }
    }

    private static ByteString EndOf(string prefix) => ByteString.CopyFromUtf8(prefix[..^1] + (char)(prefix[^1] + 1));
}
