using System.Runtime.CompilerServices;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>A query that does not end with the log: history, then what is committed later, in the order of the log.</summary>
internal sealed class Subscription(SegmentStore store, CommitSignal committed, DamageWait damage, MessageQuery query, TimeProvider clock)
{
    private readonly TreeMembership? _tree = query.Selection is DescendantsSelection descendants ? new TreeMembership(descendants.Id) : null;
    private MessageQuery _rest = query.Selection is TimeSelection ? query with { Selection = new LogSelection() } : query;

    public async IAsyncEnumerable<FramePage> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = new LogView(store, committed.End);
            using var reader = await damage.ReadAsync(() => Open(view), cancellationToken).ConfigureAwait(false);
            var read = reader.Read;
            while (reader.HasMore)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var page = await damage.ReadAsync(read, cancellationToken).ConfigureAwait(false);
                if (page.Count > 0)
                {
                    yield return page;
                }
            }

            if (!GoOnBehind(view, reader.Left))
            {
                yield break;
            }

            yield return new FramePage(default, 0, _rest.After ?? default);
            await committed.WaitBeyondAsync(view.End, cancellationToken).ConfigureAwait(false);
        }
    }

    private PageReader Open(LogView view)
    {
        if (_tree is null)
        {
            return new PageReader(QueryPlanner.Plan(store, view, _rest), _rest, clock);
        }

        // The tree as it is, once; after that each new message says itself whether it belongs.
        if (_tree.IsKnown)
        {
            return new PageReader(new LogSource(view, MessageBounds.Everything, LsnRange.Of(_rest, view.End), descends: false), _rest, clock, _tree.Admit);
        }

        _tree.Learn(view);
        return new PageReader(QueryPlanner.Plan(store, view, _rest), _rest, clock);
    }

    private bool GoOnBehind(LogView view, long left)
    {
        if (view.End > Lsn.First)
        {
            var last = view.PositionOfLast();
            var isAhead = _rest.After is { } after && after.Ordinal > last.Ordinal;
            _rest = _rest with { After = isAhead ? _rest.After : last, Limit = _rest.Limit is null ? null : left };
        }

        return left > 0 && _rest.Bounds.ToLsn >= view.End && !_rest.Bounds.IsEmpty;
    }

    private sealed class TreeMembership(MessageId root)
    {
        private readonly HashSet<MessageId> _members = [root];

        public bool IsKnown { get; private set; }

        public FrameAcceptance Admit => frame =>
        {
            var belongs = frame.Id == root || _members.Contains(frame.CorrelationId);
            if (belongs)
            {
                _members.Add(frame.Id);
            }

            return belongs;
        };

        public void Learn(LogView view)
        {
            foreach (var lsn in DescendantWalk.From(view, root))
            {
                var segment = view.Segments[view.IndexOf(lsn)];
                _members.Add(segment.Index.IdAt(segment.RowOf(lsn)));
            }

            IsKnown = true;
        }
    }
}
