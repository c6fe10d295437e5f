using System.Runtime.CompilerServices;
using Dymes.Engine;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Grains.Tests.Cluster;

/// <summary>The model of <see cref="ILogIndex"/>: every answer is a query of the model log, looked through from its start.</summary>
internal sealed class ModelLogIndex(InMemoryMessageLog log) : ILogIndex
{
    public Lsn Committed => log.GetStatusAsync().AsTask().Result.NextLsn;

    public async ValueTask<Lsn> WaitBeyondAsync(Lsn committed, CancellationToken cancellationToken = default)
    {
        var news = new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = committed } };
        await foreach (var page in log.SubscribeAsync(news, cancellationToken))
        {
            if (page.Count > 0)
            {
                break;
            }
        }

        return Committed;
    }

    public IReadOnlyList<Lsn> ChannelPositions(ChannelId channel, Lsn from, Lsn to, int limit) => PositionsOf(new MessageQuery
    {
        Selection = new ChannelSelection(channel),
        Bounds = MessageBounds.Everything with { FromLsn = from, ToLsn = to },
        Limit = limit,
    });

    public IReadOnlyList<Lsn> DescendantPositions(MessageId root) => PositionsOf(new MessageQuery { Selection = new DescendantsSelection(root) });

    public IReadOnlyList<Lsn> AncestorPositions(MessageId id) => PositionsOf(new MessageQuery { Selection = new AncestorsSelection(id) });

    public async IAsyncEnumerable<FramePage> ReadAsync(
        IReadOnlyList<Lsn> positions, MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var all = await log.ReadAllAsync();
        var given = 0;
        foreach (var position in positions)
        {
            var frame = all[(int)position.Value];
            if (given != query.Limit && Passes(frame, query))
            {
                given++;
                yield return new FramePage(frame, 1, new QueryPosition(position.Value, LogReading.IdOf(frame)));
            }
        }
    }

    private static bool Passes(byte[] frame, MessageQuery query) =>
        query.Bounds.Contains(LogReading.LsnOf(frame), LogReading.IdOf(frame)) && query.Filters.All(filter => filter.Passes(Frames.First(frame)));

    private Lsn[] PositionsOf(MessageQuery query) => [.. log.ReadAsync(query).Result.Select(LogReading.LsnOf)];
}
