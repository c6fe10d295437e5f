namespace Dymes.MessageStore;

/// <summary>In what state the files of a replica were found.</summary>
/// <param name="Condition">Whether the replica still has what it may have promised.</param>
/// <param name="CommitOp">An op that the files say is committed, at most the last of the log.</param>
/// <param name="DamagedOps">Entries before <paramref name="CommitOp"/>, in the segments that were read, that are to be put back with <see cref="Segments.ReplicaAppender.Rewrite"/>; ascending.</param>
/// <param name="Damage">What is wrong, for people; null where nothing is.</param>
public sealed record FoundLog(FoundCondition Condition, ulong CommitOp, IReadOnlyList<ulong> DamagedOps, FoundDamage? Damage);

/// <summary>The condition of a replica's files.</summary>
public enum FoundCondition
{
    /// <summary>No replica ever wrote anything here.</summary>
    Blank,

    /// <summary>The hard state can be read, and the last entry known to be committed, and all behind it.</summary>
    Whole,

    /// <summary>The hard state is lost, or the last entry known to be committed, or later ones, which may have been acknowledged: the log ends before the first of these.</summary>
    Damaged,
}

/// <summary>Damage that was found.</summary>
/// <param name="Path">The file.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="Reason">What is wrong there.</param>
public sealed record FoundDamage(string Path, long Offset, string Reason);
