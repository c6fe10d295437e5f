using Dymes.Common;

namespace Dymes.MessageStore.Verification;

/// <summary>What an offline check of a dataset's directory found.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Segments">The segments, in order.</param>
/// <param name="Faults">Everything that is not as it should be.</param>
public sealed record VerifyReport(string Directory, IReadOnlyList<SegmentReport> Segments, IReadOnlyList<VerifyFault> Faults)
{
    /// <summary>How many messages can be read.</summary>
    public long Messages => Segments.Sum(segment => (long)segment.Messages);

    /// <summary>How many entries were found.</summary>
    public long Entries => Segments.Sum(segment => (long)segment.Entries);

    /// <summary>The bytes of all files.</summary>
    public long Bytes => Segments.Sum(segment => segment.Bytes);

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => Faults.Count == 0;
}

/// <summary>What was found of one segment.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Path">Its message file.</param>
/// <param name="FirstLsn">The position of its first message.</param>
/// <param name="Messages">How many messages can be read.</param>
/// <param name="Entries">How many entries were found.</param>
/// <param name="Bytes">The bytes of its files.</param>
/// <param name="IsSealed">Whether it grows no more.</param>
public sealed record SegmentReport(uint Number, string Path, Lsn FirstLsn, int Messages, int Entries, long Bytes, bool IsSealed);

/// <summary>Something that is not as it should be.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Path">The file.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="FirstLsn">The first message that is affected, if any is.</param>
/// <param name="LastLsn">The last message that is known to be affected.</param>
/// <param name="Message">What is wrong, and what repairs it.</param>
public sealed record VerifyFault(VerifyFaultKind Kind, string Path, long Offset, Lsn? FirstLsn, Lsn? LastLsn, string Message);

/// <summary>What kind of fault it is, and so what a repair does.</summary>
public enum VerifyFaultKind
{
    /// <summary>The journal cannot be read; a repair makes a new one.</summary>
    Journal,

    /// <summary>An index file is missing or wrong; a repair makes it again.</summary>
    Index,

    /// <summary>The sessions of a replica's clients cannot be read; a repair removes them.</summary>
    Sessions,

    /// <summary>The end of the last segment is torn or damaged; a repair cuts it, and with it what is behind the damage.</summary>
    Tail,

    /// <summary>Messages of a sealed segment are damaged; only a backup or, in a cluster, a peer has them.</summary>
    Messages,

    /// <summary>A file is missing or is not what its name says; only a backup helps.</summary>
    File,
}
