using Dymes.Benchmarks.Micro;
using Dymes.Client;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>Appends by Dymes' own client library, as raw frames.</summary>
internal static class FrameAppenders
{
    /// <summary>One message a request.</summary>
    public static ClientAppender Single(DymesClient client) => new("DymesClient", load =>
    {
        var sent = 0;
        var frames = Enumerable.Range(0, SystemMessages.Channels).Select(channel => Frame(channel, load.BodyBytes)).ToArray();
        return _ => AppendAsync(client, frames[(uint)Interlocked.Increment(ref sent) % SystemMessages.Channels], 1);
    });

    /// <summary>A batch a request.</summary>
    public static ClientAppender Batch(DymesClient client) => new("DymesClient, frames", load =>
    {
        var frames = SampleMessages.Frames(load.Batch, SystemMessages.Channels, load.BodyBytes);
        return _ => AppendAsync(client, frames, load.Batch);
    });

    public static byte[] Frame(int channel, int bodyBytes) =>
        new FrameBuilder { Channel = new ChannelId((UInt128)channel), Routing = 5 }.WithHeaders().Build(SampleMessages.Body(channel, bodyBytes));

    public static FrameBuilder WithHeaders(this FrameBuilder builder)
    {
        builder.AddKv("type"u8, System.Text.Encoding.UTF8.GetBytes(SystemMessages.Type));
        builder.AddKv("tenant"u8, System.Text.Encoding.UTF8.GetBytes(SystemMessages.Tenant));
        return builder;
    }

    public static async Task AppendAsync(DymesClient client, byte[] frames, int count, CancellationToken stop = default)
    {
        var result = await client.AppendAsync(new AppendRequest { Frames = frames, Count = count }, stop);
        if (result.Receipts.Count != count || result.Receipts.Any(receipt => !receipt.IsStored))
        {
            throw new InvalidOperationException($"Of {count} messages some were not stored: {result.First}");
        }
    }
}
