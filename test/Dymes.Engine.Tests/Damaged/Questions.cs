using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>Queries of every kind over messages that are known, and what the log must answer: the truth, or that bytes are damaged.</summary>
/// <param name="known">The messages that were stored, in the order of the log.</param>
internal sealed class Questions(IReadOnlyList<byte[]> known)
{
    /// <summary>Asks everything; says in how many answers damage was reported.</summary>
    /// <param name="engine">The log.</param>
    /// <param name="path">The file that may be blamed; null where no damage may be found.</param>
    public async Task<int> AskAsync(DymesEngine engine, string? path)
    {
        var refusals = 0;
        foreach (var (query, expected) in All())
        {
            refusals += await IsRefusedAsync(engine, query, expected, path) ? 1 : 0;
        }

        foreach (var group in known.GroupBy(frame => Frames.First(frame).Channel))
        {
            Assert.Equal(Summary(group.Key, [.. group]), await engine.FindChannelAsync(group.Key));
        }

        Assert.Equal(known.Select(frame => Frames.First(frame).Channel).Distinct().Order(), (await engine.ListChannelsAsync(null, 100)).Select(channel => channel.Id));
        return refusals;
    }

    private IEnumerable<(MessageQuery Query, IEnumerable<byte[]> Expected)> All()
    {
        yield return (new MessageQuery(), known);
        yield return (new MessageQuery { Order = QueryOrder.Descending }, known.Reverse());
        yield return (new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = new Lsn(3), ToLsn = new Lsn(8) } }, known.Skip(3).Take(6));
        var byId = known.OrderBy(LogReading.IdOf).ToArray();
        yield return (new MessageQuery { Selection = new TimeSelection() }, byId);
        yield return (new MessageQuery { Selection = new TimeSelection(), Order = QueryOrder.Descending }, byId.Reverse());
        yield return (new MessageQuery { Selection = new IdsSelection([.. byId.Select(LogReading.IdOf), MessageId.Max]) }, byId);
        foreach (var channel in known.GroupBy(frame => Frames.First(frame).Channel))
        {
            yield return (new MessageQuery { Selection = new ChannelSelection(channel.Key) }, channel);
            yield return (new MessageQuery { Selection = new ChannelSelection(channel.Key), Order = QueryOrder.Descending }, channel.Reverse());
        }

        yield return (new MessageQuery { Selection = new ChannelSelection(new ChannelId(77)) }, []);
        var chain = Chain();
        yield return (new MessageQuery { Selection = new AncestorsSelection(LogReading.IdOf(chain[0])) }, chain);
        yield return (new MessageQuery { Selection = new DescendantsSelection(LogReading.IdOf(chain[^1])) }, Tree(chain[^1]));
    }

    // From the newest message that has a parent up to the first message that has none.
    private List<byte[]> Chain()
    {
        var byId = known.ToDictionary(LogReading.IdOf);
        var chain = new List<byte[]> { known.Last(frame => !Frames.First(frame).CorrelationId.IsNone) };
        while (byId.TryGetValue(Frames.First(chain[^1]).CorrelationId, out var parent))
        {
            chain.Add(parent);
        }

        return chain;
    }

    private IEnumerable<byte[]> Tree(byte[] root)
    {
        var within = new HashSet<MessageId> { LogReading.IdOf(root) };
        return known.Where(frame => frame == root || (within.Contains(Frames.First(frame).CorrelationId) && within.Add(LogReading.IdOf(frame)))).ToArray();
    }

    private static async Task<bool> IsRefusedAsync(DymesEngine engine, MessageQuery query, IEnumerable<byte[]> expected, string? path)
    {
        var rest = new Queue<byte[]>(expected);
        try
        {
            await foreach (var page in engine.QueryAsync(query))
            {
                foreach (var frame in Frames.Of(page))
                {
                    Assert.True(rest.TryDequeue(out var truth) && frame.AsSpan().SequenceEqual(truth), $"{query.Selection} gave message {LogReading.LsnOf(frame)}, which is not the one stored");
                }
            }
        }
        catch (DymesException refusal)
        {
            Assert.Equal(ErrorCode.StorageDamaged, refusal.Code);
            Assert.Contains(path ?? "(no file is damaged)", refusal.Message, StringComparison.Ordinal);
            Assert.Matches("[Mm]essage [0-9]+", refusal.Message);
            return true;
        }

        Assert.True(rest.Count == 0, $"{query.Selection} left {rest.Count} messages out");
        return false;
    }

    private static ChannelSummary Summary(ChannelId channel, List<byte[]> frames) => new(
        channel,
        frames.Select(Name).FirstOrDefault(name => name is not null),
        (ulong)frames.Count,
        LogReading.LsnOf(frames[0]),
        LogReading.LsnOf(frames[^1]),
        LogReading.IdOf(frames[0]),
        LogReading.IdOf(frames[^1]));

    private static string? Name(byte[] frame) => Frames.First(frame).TryGetKv(ReservedKeys.ChannelName, out var name) ? Encoding.UTF8.GetString(name) : null;
}
