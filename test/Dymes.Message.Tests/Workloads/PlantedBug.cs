using System.Runtime.CompilerServices;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Message.Tests.Workloads;

/// <summary>Mistakes that a log could make.</summary>
public enum PlantedBug
{
    None,
    FiltersAreForgotten,
    BoundsAreExclusive,
    OrderIsIgnored,
    TimeIsTheOrderOfTheLog,
    AncestorsLeaveOutTheMessage,
    DescendantsAreChildrenOnly,
    PositionsRepeatAMessage,
    PositionsSkipAMessage,
    AtomicityIsForgotten,
    ConditionsAreForgotten,
    KeysAreForgotten,
    SubscriptionsSkipTheFirst,
    ChannelsAreListedOneShort,
}

/// <summary>The model with one mistake, to prove that a check against the model finds it.</summary>
internal sealed class FlawedLog(TimeProvider clock, PlantedBug bug) : IMessageLog
{
    private readonly InMemoryMessageLog _log = new(clock);

    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default) =>
        _log.AppendAsync(
            new AppendRequest
            {
                Frames = request.Frames,
                Count = request.Count,
                IsAtomic = request.IsAtomic && (bug != PlantedBug.AtomicityIsForgotten || request.IdempotencyKey is not null),
                AllowsMissingParents = request.AllowsMissingParents,
                Conditions = bug == PlantedBug.ConditionsAreForgotten ? [] : request.Conditions,
                IdempotencyKey = bug == PlantedBug.KeysAreForgotten ? null : request.IdempotencyKey,
            },
            cancellationToken);

    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default) =>
        bug switch
        {
            PlantedBug.AncestorsLeaveOutTheMessage when query.Selection is AncestorsSelection ancestors =>
                WithoutAsync(_log.QueryAsync(query, cancellationToken), ancestors.Id),
            PlantedBug.DescendantsAreChildrenOnly when query.Selection is DescendantsSelection root =>
                OnlyAsync(_log.QueryAsync(query, cancellationToken), root.Id),
            _ => _log.QueryAsync(Flawed(query), cancellationToken),
        };

    public async IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var skip = bug == PlantedBug.SubscriptionsSkipTheFirst;
        await foreach (var page in _log.SubscribeAsync(query, cancellationToken))
        {
            if (skip && page.Count > 0)
            {
                skip = false;
                continue;
            }

            yield return page;
        }
    }

    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) =>
        _log.FindChannelAsync(channel, cancellationToken);

    public async ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default)
    {
        var channels = await _log.ListChannelsAsync(after, limit, cancellationToken);
        return bug == PlantedBug.ChannelsAreListedOneShort ? [.. channels.SkipLast(1)] : channels;
    }

    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => _log.GetStatusAsync(cancellationToken);

    private MessageQuery Flawed(MessageQuery query) => bug switch
    {
        PlantedBug.FiltersAreForgotten => query with { Filters = [] },
        PlantedBug.BoundsAreExclusive when query.Bounds.ToLsn.Value > 0 =>
            query with { Bounds = query.Bounds with { ToLsn = new Lsn(query.Bounds.ToLsn.Value - 1) } },
        PlantedBug.OrderIsIgnored => query with { Order = QueryOrder.Ascending },
        PlantedBug.TimeIsTheOrderOfTheLog when query.Selection is TimeSelection => query with { Selection = new LogSelection() },
        PlantedBug.PositionsRepeatAMessage when query.After is { Ordinal: > 0 } after => query with { After = after with { Ordinal = after.Ordinal - 1 } },
        PlantedBug.PositionsSkipAMessage when query.After is { } after => query with { After = after with { Ordinal = after.Ordinal + 1 } },
        _ => query,
    };

    private static async IAsyncEnumerable<FramePage> WithoutAsync(IAsyncEnumerable<FramePage> pages, MessageId id)
    {
        await foreach (var page in pages)
        {
            yield return Frames.Of(page).ToList() is var frames && frames.RemoveAll(frame => LogReading.IdOf(frame) == id) > 0
                ? new FramePage(Frames.Join(frames), frames.Count, page.Position)
                : page;
        }
    }

    private static async IAsyncEnumerable<FramePage> OnlyAsync(IAsyncEnumerable<FramePage> pages, MessageId root)
    {
        await foreach (var page in pages)
        {
            var frames = Frames.Of(page)
                .Where(frame => LogReading.IdOf(frame) == root || Frames.First(frame).CorrelationId == root).ToList();
            yield return new FramePage(Frames.Join(frames), frames.Count, page.Position);
        }
    }
}
