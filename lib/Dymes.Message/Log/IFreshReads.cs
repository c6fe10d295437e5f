using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>A log that is read from replicas that may lag: it can make sure that what it reads is fresh enough. Safe for concurrent use.</summary>
public interface IFreshReads
{
    /// <summary>Every read made here sees everything below this: what was appended and read through here before. It never steps back.</summary>
    Lsn SeenEnd { get; }

    /// <summary>The same log, read as the replica at hand has it: such reads wait for nothing, and may see less than the last one did.</summary>
    IMessageLog Stale { get; }

    /// <summary>From now on every read that is made here sees everything below <paramref name="end"/>, which was seen elsewhere.</summary>
    void See(Lsn end);

    /// <summary>Ends when every read that is made here afterwards sees everything below <paramref name="end"/>.</summary>
    /// <exception cref="DymesException">The log did not get there in a while.</exception>
    Task ReachAsync(Lsn end, CancellationToken cancellationToken = default);

    /// <summary>Ends when every read that is made here afterwards sees everything that was acknowledged anywhere in the group before the call.</summary>
    /// <exception cref="DymesException">There is no primary that a majority follows.</exception>
    Task ConfirmAsync(CancellationToken cancellationToken = default);
}
