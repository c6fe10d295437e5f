using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Workloads;

/// <summary>How far a workload has come: what its picks choose from. Turns plans into requests and queries.</summary>
internal sealed class WorkloadProgress
{
    private readonly List<MessageId> _ids = [];
    private readonly List<AppendRequest> _requests = [];
    private readonly Dictionary<ChannelId, ulong> _versions = [];

    public int StoredCount { get; private set; }

    public AppendRequest Build(AppendStep step)
    {
        var drafts = new List<MessageDraft>();
        var conditions = new List<VersionCondition>();
        var versions = new Dictionary<ChannelId, ulong>(_versions);
        foreach (var message in step.Messages)
        {
            var draft = Resolve(message, drafts);
            var version = versions.GetValueOrDefault(draft.Channel);
            if (message.VersionError is { } error)
            {
                conditions.Add(new VersionCondition(drafts.Count, (ulong)Math.Max(0, (long)version + error)));
            }

            versions[draft.Channel] = version + 1;
            drafts.Add(draft);
        }

        var request = step.Key is { } key ? MessageDraft.Once($"key {key}", drafts) : MessageDraft.Request(drafts);
        request = new AppendRequest
        {
            Frames = request.Frames,
            Count = request.Count,
            IsAtomic = step.IsAtomic,
            AllowsMissingParents = step.AllowsMissingParents,
            Conditions = conditions,
            IdempotencyKey = request.IdempotencyKey,
        };
        _requests.Add(request);
        return request;
    }

    public AppendRequest? Earlier(RepeatStep step) => _requests.Count == 0 ? null : _requests[step.Pick % _requests.Count];

    /// <summary>Learns what became of a request.</summary>
    public void Note(AppendRequest request, IReadOnlyList<AppendReceipt> receipts)
    {
        foreach (var (frame, receipt) in Frames.Split(request.Frames.Span).Zip(receipts))
        {
            if (receipt.Outcome == AppendOutcome.Appended)
            {
                _ids.Add(receipt.Id);
                _versions[Frames.First(frame).Channel] = receipt.ChannelVersion;
                StoredCount++;
            }
        }
    }

    public MessageQuery Build(PlannedQuery plan) => new()
    {
        Selection = plan.Selection switch
        {
            PlannedSelection.Log => new LogSelection(),
            PlannedSelection.Time => new TimeSelection(),
            PlannedSelection.Channel => new ChannelSelection(PickChannel(plan.Picks[0])),
            PlannedSelection.Ids => new IdsSelection([.. plan.Picks.Select(PickId)]),
            PlannedSelection.Ancestors => new AncestorsSelection(PickId(plan.Picks[0])),
            _ => new DescendantsSelection(PickId(plan.Picks[0])),
        },
        Bounds = new MessageBounds(
            PickLsn(plan.Bounds.FromLsn) ?? Lsn.First,
            PickLsn(plan.Bounds.ToLsn) ?? Lsn.Max,
            Nudged(plan.Bounds.FromId, plan.Bounds.Nudge) ?? MessageId.None,
            Nudged(plan.Bounds.ToId, plan.Bounds.Nudge) ?? MessageId.Max),
        Filters = plan.Filters,
        Order = plan.IsDescending && plan.Selection is not (PlannedSelection.Ids or PlannedSelection.Ancestors) ? QueryOrder.Descending : QueryOrder.Ascending,
        Limit = plan.Limit,
    };

    private MessageDraft Resolve(PlannedMessage message, List<MessageDraft> before)
    {
        var draft = message.Draft;
        if (message.TakenId is { } taken && _ids.Count > 0)
        {
            draft = draft with { Id = _ids[taken % _ids.Count] };
        }

        var parents = before.Select(earlier => earlier.Id).Where(id => !id.IsNone).Concat(_ids).ToList();
        return message.Parent is { } parent && parents.Count > 0 ? draft with { Parent = parents[parent % parents.Count] } : draft;
    }

    // One in a dozen is an id that is not there.
    private MessageId PickId(int pick) => _ids.Count == 0 || pick % 12 == 0 ? new MessageId((UInt128)pick + 1) : _ids[pick % _ids.Count];

    private ChannelId PickChannel(int pick) => _versions.Count == 0 ? new ChannelId((UInt128)pick) : _versions.Keys.Order().ElementAt(pick % _versions.Count);

    private Lsn? PickLsn(int? pick) => pick is { } number ? new Lsn((ulong)(number % (StoredCount + 2))) : null;

    private MessageId? Nudged(int? pick, int nudge) => pick is { } number ? new MessageId(PickId(number).Value + (UInt128)(Int128)nudge) : null;
}
