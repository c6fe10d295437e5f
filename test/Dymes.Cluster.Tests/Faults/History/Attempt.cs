using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>How an append ended for its client.</summary>
internal enum AttemptOutcome
{
    /// <summary>It was answered with a position.</summary>
    Acknowledged,

    /// <summary>It was answered that it had not been run.</summary>
    Refused,

    /// <summary>It was not answered, or that it may have been run.</summary>
    Unknown,
}

/// <summary>An append as its client saw it.</summary>
/// <param name="Token">Its body, which no other has.</param>
/// <param name="SentAt">Just before it was sent.</param>
/// <param name="EndedAt">Just after it was answered.</param>
/// <param name="Outcome">How it ended.</param>
internal sealed record Attempt(string Token, long SentAt, long EndedAt, AttemptOutcome Outcome)
{
    /// <summary>Its position, where it was acknowledged.</summary>
    public Lsn Lsn { get; init; }

    /// <summary>Its id, where it was acknowledged.</summary>
    public MessageId Id { get; init; }

    /// <summary>What was answered instead, for people.</summary>
    public string? Trouble { get; init; }
}
