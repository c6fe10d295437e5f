using Dymes.Message.Log;

namespace Dymes.Testing.Workloads;

/// <summary>
/// What is done to a log, step by step. It is written before anything has run, so what depends on stored messages is told as a <em>pick</em>: any number, which chooses
/// among what there is when its step comes.
/// </summary>
/// <param name="Steps">The steps.</param>
public sealed record Workload(IReadOnlyList<WorkloadStep> Steps)
{
    /// <summary>A line a step, for the report of a failure.</summary>
    public override string ToString() => string.Join('\n', Steps.Select((step, number) => $"{number}: {step}"));
}

/// <summary>One step of a workload.</summary>
public abstract record WorkloadStep
{
    private protected WorkloadStep()
    {
    }
}

/// <summary>Appends messages.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="IsAtomic">All or none.</param>
/// <param name="AllowsMissingParents">Whether it is an import in any order.</param>
/// <param name="Key">The number of an idempotency key, where the request is to have one.</param>
public sealed record AppendStep(IReadOnlyList<PlannedMessage> Messages, bool IsAtomic, bool AllowsMissingParents, int? Key) : WorkloadStep
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"append{(IsAtomic ? " atomic" : "")}{(AllowsMissingParents ? " import" : "")}{(Key is null ? "" : $" key {Key}")} [{string.Join("; ", Messages)}]";
}

/// <summary>Sends an earlier request again, as it was.</summary>
/// <param name="Pick">Which one.</param>
public sealed record RepeatStep(int Pick) : WorkloadStep;

/// <summary>Moves the clock.</summary>
/// <param name="Milliseconds">By how much; negative: back.</param>
public sealed record ClockStep(int Milliseconds) : WorkloadStep;

/// <summary>Closes the log under test and opens it again, where it can be.</summary>
public sealed record ReopenStep : WorkloadStep;

/// <summary>Asks a question.</summary>
/// <param name="Query">The question.</param>
public sealed record AskStep(PlannedQuery Query) : WorkloadStep;

/// <summary>A message of a workload.</summary>
/// <param name="Draft">Its content, and maybe an id of its own and a parent that does not exist.</param>
/// <param name="TakenId">Picks the id of an earlier message instead.</param>
/// <param name="Parent">Picks an earlier message, maybe of the same request, as parent.</param>
/// <param name="VersionError">Makes a version condition that is off by this much.</param>
public sealed record PlannedMessage(MessageDraft Draft, int? TakenId, int? Parent, int? VersionError)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Draft.Bytes ?? []).Length} bytes, channel {Draft.Channel}, id {(TakenId is null ? Draft.Id.IsNone ? "-" : Draft.Id : $"taken {TakenId}")}, "
        + $"parent {(Parent is null ? Draft.Parent.IsNone ? "-" : Draft.Parent : $"pick {Parent}")}, version {VersionError?.ToString() ?? "-"}";
}

/// <summary>What a planned query selects.</summary>
public enum PlannedSelection
{
    /// <summary>The log.</summary>
    Log,

    /// <summary>The log in order of time.</summary>
    Time,

    /// <summary>A channel.</summary>
    Channel,

    /// <summary>Messages by id.</summary>
    Ids,

    /// <summary>A chain.</summary>
    Ancestors,

    /// <summary>A tree.</summary>
    Descendants,
}

/// <summary>A question of a workload.</summary>
/// <param name="Selection">What it is about.</param>
/// <param name="Picks">Which messages, ids or channel.</param>
/// <param name="Bounds">Its bounds.</param>
/// <param name="Filters">Its filters.</param>
/// <param name="IsDescending">Backward, where the selection can be.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="PieceMax">How many messages are asked for at a time when the same is read in pieces.</param>
public sealed record PlannedQuery(
    PlannedSelection Selection, int[] Picks, PlannedBounds Bounds, MessageFilter[] Filters, bool IsDescending, int? Limit, int PieceMax)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Selection} {string.Join(',', Picks)}{(IsDescending ? " backward" : "")} {Bounds} filters [{string.Join("; ", Filters.AsEnumerable())}] "
        + $"limit {Limit} in pieces to {PieceMax}";
}

/// <summary>Bounds of a planned query; null: none.</summary>
/// <param name="FromLsn">Picks a position, one behind the end included.</param>
/// <param name="ToLsn">Picks a position, one behind the end included.</param>
/// <param name="FromId">Picks an id.</param>
/// <param name="ToId">Picks an id.</param>
/// <param name="Nudge">Moves the bounds of id beside the ids picked: -1, 0 or 1.</param>
public sealed record PlannedBounds(int? FromLsn, int? ToLsn, int? FromId, int? ToId, int Nudge);
