using System.Security.Cryptography;
using Dymes.Benchmarks.Micro;
using Dymes.Client;
using Dymes.Message;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>Messages that follow from each other.</summary>
internal static class MessageTree
{
    private const int BatchMessages = 1000;

    /// <summary>Appends a tree; returns the ids of its root and of its last message.</summary>
    /// <param name="client">Where to.</param>
    /// <param name="messages">How many messages it has.</param>
    /// <param name="childrenMax">How many follow from each at most: 1 makes a chain, as many as there are messages a star.</param>
    /// <param name="bodyBytes">The size of their bodies.</param>
    public static async Task<(MessageId Root, MessageId Last)> AppendAsync(DymesClient client, int messages, int childrenMax, int bodyBytes)
    {
        var ids = new MessageIdSequence(bytes => RandomNumberGenerator.Fill(bytes));
        var chosen = new List<MessageId>();
        var body = SampleMessages.Body(messages, bodyBytes);
        for (var appended = 0; appended < messages; appended += BatchMessages)
        {
            var count = Math.Min(BatchMessages, messages - appended);
            using var frames = new MemoryStream();
            for (var i = appended; i < appended + count; i++)
            {
                chosen.Add(ids.Next(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
                var builder = new FrameBuilder
                {
                    Id = chosen[i],
                    CorrelationId = i == 0 ? MessageId.None : chosen[(i - 1) / childrenMax],
                    Channel = new ChannelId((UInt128)(i % SystemMessages.Channels)),
                    Routing = 5,
                };
                frames.Write(builder.WithHeaders().Build(body));
            }

            await FrameAppenders.AppendAsync(client, frames.ToArray(), count);
        }

        return (chosen[0], chosen[^1]);
    }
}
