using Dymes.Common;

namespace Dymes.Vsr;

/// <summary>The times of a replica, in milliseconds of the host's monotonic clock. The defaults suit a local network: a killed primary costs clients about a second.</summary>
public sealed record ReplicaSettings
{
    /// <summary>How often an idle primary says that it lives.</summary>
    public int HeartbeatMilliseconds { get; init; } = 50;

    /// <summary>A primary that was heard within this time is not given up: several heartbeats may be lost.</summary>
    public int SuspectMinMilliseconds { get; init; } = 300;

    /// <summary>The longest silence before a backup asks the others; each backup draws its own between the two, so that they do not all ask at once.</summary>
    public int SuspectMaxMilliseconds { get; init; } = 600;

    /// <summary>After this time an unanswered message of a view change or a recovery is sent again.</summary>
    public int ResendMilliseconds { get; init; } = 100;

    /// <summary>How long a missing entry may be on its way: networks change the order of messages.</summary>
    public int GapMilliseconds { get; init; } = 20;

    /// <summary>After this time entries are asked of another replica.</summary>
    public int TransferMilliseconds { get; init; } = 250;

    /// <summary>A primary whose disk takes longer than this for one write steps down.</summary>
    public int DiskStallMilliseconds { get; init; } = 1000;

    internal void Validate()
    {
        Require(HeartbeatMilliseconds is >= 1 and <= 60_000, nameof(HeartbeatMilliseconds), "1 to 60000");
        Require(SuspectMinMilliseconds >= 2 * HeartbeatMilliseconds, nameof(SuspectMinMilliseconds), "at least two heartbeats");
        Require(SuspectMaxMilliseconds > SuspectMinMilliseconds, nameof(SuspectMaxMilliseconds), $"more than {nameof(SuspectMinMilliseconds)}");
        Require(ResendMilliseconds >= 1, nameof(ResendMilliseconds), "1 or more");
        Require(GapMilliseconds >= 0, nameof(GapMilliseconds), "0 or more");
        Require(TransferMilliseconds >= 1, nameof(TransferMilliseconds), "1 or more");
        Require(DiskStallMilliseconds >= SuspectMinMilliseconds, nameof(DiskStallMilliseconds), $"at least {nameof(SuspectMinMilliseconds)}");
    }

    private static void Require(bool holds, string field, string range)
    {
        if (!holds)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"{field} must be {range}.") { Field = field };
        }
    }
}
