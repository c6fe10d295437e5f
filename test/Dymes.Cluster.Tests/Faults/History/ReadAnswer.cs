using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>What a read of one message was answered.</summary>
/// <param name="How">What read it was, and where.</param>
/// <param name="Found">The message; null where the answer is that there is none.</param>
internal sealed record ReadAnswer(string How, (MessageId Id, Lsn Lsn)? Found)
{
    /// <summary>What is wrong with the answer of a read that began after an append was acknowledged; null where nothing is.</summary>
    public string? Contradiction(Attempt acknowledged) =>
        Found is not { } found ? $"{How} did not find {acknowledged.Id}, acknowledged at {acknowledged.Lsn}"
        : found != (acknowledged.Id, acknowledged.Lsn) ? $"{How} found {found.Id} at {found.Lsn}, and {acknowledged.Id} was acknowledged at {acknowledged.Lsn}"
        : null;
}
