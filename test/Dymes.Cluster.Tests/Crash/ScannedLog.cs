using Dymes.Client;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>A stored message as a full scan saw it.</summary>
internal sealed record ScannedMessage(Lsn Lsn, MessageId Id, MessageId Parent, ChannelId Channel, string Token, UInt128 FrameChecksum);

/// <summary>All messages of a node, read once from the first to the last without any index.</summary>
internal sealed class ScannedLog(IReadOnlyList<ScannedMessage> messages)
{
    public IReadOnlyList<ScannedMessage> Messages { get; } = messages;

    /// <summary>Reads everything, and checks on the way that positions have no gap and that every message is one that was sent.</summary>
    public static async Task<ScannedLog> ReadAsync(DymesClient client, IReadOnlyDictionary<string, SentMessage> sent)
    {
        var messages = new List<ScannedMessage>();
        await foreach (var page in client.QueryAsync(new MessageQuery()))
        {
            foreach (var frame in page)
            {
                Assert.Equal((ulong)messages.Count, frame.Lsn.Value);
                var token = SentMessage.TokenOf(frame);
                Assert.True(sent.TryGetValue(token, out var message), $"Message {frame.Lsn} says it is {token}, which nobody sent.");
                Assert.True(message.IsSaidBy(frame), $"Message {frame.Lsn} is not what was sent as {token}.");
                messages.Add(new ScannedMessage(frame.Lsn, frame.Id, frame.CorrelationId, frame.Channel, token, Checksum.Of(frame.Bytes)));
            }
        }

        return new ScannedLog(messages);
    }

    public IEnumerable<ScannedMessage> InChannel(ChannelId channel) => Messages.Where(message => message.Channel == channel);

    public IEnumerable<ScannedMessage> InTime(MessageId from, MessageId to) => Messages.Where(message => message.Id >= from && message.Id <= to).OrderBy(message => message.Id);

    public IEnumerable<ScannedMessage> Ancestors(ScannedMessage of)
    {
        var byId = Messages.ToDictionary(message => message.Id);
        for (var next = of; next is not null; next = byId.GetValueOrDefault(next.Parent))
        {
            yield return next;
        }
    }

    public IEnumerable<ScannedMessage> Descendants(ScannedMessage of)
    {
        // Parents come before their children in the log, so one pass finds the whole tree.
        var tree = new HashSet<MessageId> { of.Id };
        return Messages.Where(message => message.Id == of.Id || (!message.Parent.IsNone && tree.Contains(message.Parent) && tree.Add(message.Id))).ToList();
    }
}
