using Dymes.Client;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>What must hold of a node after it was killed and started again.</summary>
internal sealed class CrashChecks(DymesClient client, LoadLedger ledger, Random random)
{
    private const int SamplesOfIds = 20;
    private const int SamplesOfTrees = 5;

    /// <summary>Every acknowledged message is where it was said to be, and no message is there twice.</summary>
    public void CheckAcknowledged(ScannedLog log)
    {
        var byToken = new Dictionary<string, ScannedMessage>();
        foreach (var message in log.Messages)
        {
            Assert.True(byToken.TryAdd(message.Token, message), $"{message.Token} is in the log twice, at {byToken[message.Token].Lsn} and {message.Lsn}.");
        }

        foreach (var (token, place) in ledger.Acknowledged)
        {
            Assert.True(byToken.TryGetValue(token, out var message), $"{token} was acknowledged at {place.Lsn} and is not in the log.");
            Assert.Equal(place, new Place(message.Lsn, message.Id));
        }
    }

    /// <summary>Of an atomic batch that nobody was told about, all messages are in the log or none.</summary>
    public void CheckAtomicity(ScannedLog log)
    {
        var stored = log.Messages.Select(message => message.Token).ToHashSet();
        foreach (var batch in ledger.Sent.Values.Where(message => message.Group is not null).GroupBy(message => message.Group))
        {
            var present = batch.Count(message => stored.Contains(message.Token));
            Assert.True(present == 0 || present == batch.Count(), $"Of the atomic batch {batch.Key} {present} messages of {batch.Count()} are in the log.");
        }
    }

    /// <summary>What was in the log before the crash has not changed by a bit.</summary>
    public static void CheckUnchanged(ScannedLog before, ScannedLog after) =>
        Assert.Equal(before.Messages.Select(message => (message.Lsn, message.FrameChecksum)), after.Messages.Take(before.Messages.Count).Select(message => (message.Lsn, message.FrameChecksum)));

    /// <summary>Every index gives what a look at all messages gives.</summary>
    public async Task CheckIndexesAsync(ScannedLog log)
    {
        foreach (var channel in log.Messages.GroupBy(message => message.Channel))
        {
            await CheckAsync($"channel {channel.Key}", new ChannelSelection(channel.Key), channel);
            var summary = await client.FindChannelAsync(channel.Key);
            Assert.Equal((ulong)channel.Count(), summary!.Count);
            Assert.Equal(channel.Last().Lsn, summary.LastLsn);
        }

        await CheckAsync("time", new TimeSelection(), log.InTime(MessageId.None, MessageId.Max));
        var first = Pick(log).Id;
        var second = Pick(log).Id;
        var (from, to) = first < second ? (first, second) : (second, first);
        await CheckAsync($"time {from} to {to}", new TimeSelection(), log.InTime(from, to), MessageBounds.Everything with { FromId = from, ToId = to });

        ScannedMessage[] sample = [.. Enumerable.Range(0, SamplesOfIds).Select(_ => Pick(log))];
        await CheckAsync("ids", new IdsSelection([.. sample.Select(message => message.Id)]), sample);
        foreach (var message in sample.Take(SamplesOfTrees))
        {
            await CheckAsync($"ancestors of {message.Id}", new AncestorsSelection(message.Id), log.Ancestors(message));
            await CheckAsync($"descendants of {message.Id}", new DescendantsSelection(message.Id), log.Descendants(message));
        }
    }

    private ScannedMessage Pick(ScannedLog log) => log.Messages[random.Next(log.Messages.Count)];

    private async Task CheckAsync(string what, MessageSelection selection, IEnumerable<ScannedMessage> expected, MessageBounds? bounds = null)
    {
        var found = new List<Lsn>();
        await foreach (var page in client.QueryAsync(new MessageQuery { Selection = selection, Bounds = bounds ?? MessageBounds.Everything }))
        {
            foreach (var frame in page)
            {
                found.Add(frame.Lsn);
            }
        }

        Assert.True(found.SequenceEqual(expected.Select(message => message.Lsn)), $"The index does not agree with the log on {what}: {string.Join(' ', found)}");
    }
}
