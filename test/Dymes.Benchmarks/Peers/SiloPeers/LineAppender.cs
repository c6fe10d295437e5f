using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>Batches as lines of JSON with base64 bodies.</summary>
internal static class LineAppender
{
    public static ClientAppender Batch(Uri address)
    {
        var http = new HttpClient { BaseAddress = address };
        return new ClientAppender("HttpClient, lines of JSON", load =>
        {
            var batch = BatchLoad.Lines(load.Batch, SystemMessages.Channels, load.BodyBytes);
            return _ => batch.PostAsync(http);
        });
    }
}
