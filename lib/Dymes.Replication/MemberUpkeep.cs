namespace Dymes.Replication;

/// <summary>What a member has done since its start to stay one of the group. All of it only grows, but <see cref="RepairsWaiting"/>.</summary>
public sealed record MemberUpkeep
{
    /// <summary>How often it went to another view.</summary>
    public required long ViewChanges { get; init; }

    /// <summary>How many entries it fetched because it had missed them.</summary>
    public required ulong EntriesFetched { get; init; }

    /// <summary>How often it asked another member for an entry that is damaged on its disk.</summary>
    public required ulong RepairsAsked { get; init; }

    /// <summary>How many damaged entries it has put back into their places.</summary>
    public required long RepairsMended { get; init; }

    /// <summary>How many damaged entries wait for another member to give them.</summary>
    public required int RepairsWaiting { get; init; }

    /// <summary>How many messages of other members were lost because too many waited for the replica.</summary>
    public required long InboxLost { get; init; }
}
