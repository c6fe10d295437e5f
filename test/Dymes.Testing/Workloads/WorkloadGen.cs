using CsCheck;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Workloads;

/// <summary>Random workloads: everything that a log can be told and asked, in proportions that make the cases meet.</summary>
public static class WorkloadGen
{
    private static readonly Gen<int> Pick = Gen.Int[0, 1_000_000];

    private static readonly Gen<PlannedMessage> Message = Gen.Select(
        MessageGen.Drafts,
        Gen.Frequency((6, Gen.Const(default(MessageId))), (2, MessageGen.Ids), (4, MessageGen.SharedIds)),
        Maybe(Pick, 1, 20),
        Gen.Frequency((12, Gen.Const(default(MessageId))), (1, MessageGen.Ids), (8, MessageGen.SharedIds)),
        Maybe(Pick, 1, 2),
        Maybe(Gen.Frequency((5, Gen.Const(0)), (1, Gen.OneOf(-1, 1, 100))), 1, 6),
        (draft, id, takenId, missing, parent, version) => new PlannedMessage(draft with { Id = id, Parent = missing }, takenId, parent, version));

    private static readonly Gen<WorkloadStep> Append = Gen.Select(
        Gen.Frequency((5, Message.Array[1, 1]), (4, Message.Array[2, 8]), (1, Message.Array[9, 60])),
        Gen.Bool,
        Gen.Frequency((2, Gen.Const(true)), (1, Gen.Const(false))),
        Maybe(Gen.Int[0, 5], 1, 6),
        WorkloadStep (messages, isAtomic, allowsMissing, key) =>
            new AppendStep(messages, isAtomic || (key is not null && messages.Length > 1), allowsMissing, key));

    private static readonly Gen<MessageFilter> Filter = Gen.OneOf(
        MessageGen.Channels.Select(MessageFilter (channel) => new ChannelFilter(channel)),
        MessageGen.Bits.Select(MessageFilter (mask) => new WideningFilter(mask)),
        Gen.Select(MessageGen.Bits, MessageGen.Bits, MessageFilter (mask, bits) => new NarrowingFilter(mask, mask & bits)),
        Gen.Select(Gen.Enum<KvRelation>(), MessageGen.Keys, MessageGen.Values, MessageFilter (relation, key, value) => new KvFilter(relation, key, value)));

    private static readonly Gen<PlannedBounds> Bounds = Gen.Select(
        Maybe(Pick, 1, 5), Maybe(Pick, 1, 5), Maybe(Pick, 1, 5), Maybe(Pick, 1, 5), Gen.Int[-1, 1],
        (fromLsn, toLsn, fromId, toId, nudge) => new PlannedBounds(fromLsn, toLsn, fromId, toId, nudge));

    /// <summary>Random questions.</summary>
    public static Gen<PlannedQuery> Queries { get; } = Gen.Select(
        Gen.Enum<PlannedSelection>(),
        Pick.Array[1, 12],
        Bounds,
        Gen.Frequency((3, Gen.Const(Array.Empty<MessageFilter>())), (2, Filter.Array[1, 2])),
        Gen.Bool,
        Maybe(Gen.Int[1, 50], 1, 3),
        Gen.Int[1, 30],
        (selection, picks, bounds, filters, isDescending, limit, pieceMax) =>
            new PlannedQuery(selection, picks, bounds, filters, isDescending, limit, pieceMax));

    /// <summary>Random workloads of 1 to so many steps.</summary>
    public static Gen<Workload> Workloads(int stepsMax) => Gen.Frequency(
        (12, Append),
        (3, Pick.Select(WorkloadStep (pick) => new RepeatStep(pick))),
        (2, Gen.Frequency((3, Gen.Int[0, 50]), (1, Gen.Int[-5_000, 5_000])).Select(WorkloadStep (milliseconds) => new ClockStep(milliseconds))),
        (1, Gen.Const<WorkloadStep>(new ReopenStep())),
        (8, Queries.Select(WorkloadStep (query) => new AskStep(query)))).Array[1, stepsMax].Select(steps => new Workload(steps));

    private static Gen<int?> Maybe(Gen<int> gen, int hits, int outOf) =>
        Gen.Frequency((hits, gen.Select(number => (int?)number)), (outOf - hits, Gen.Const((int?)null)));
}
