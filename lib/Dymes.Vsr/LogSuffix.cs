using Dymes.Common;

namespace Dymes.Vsr;

/// <summary>
/// The end of a log by its checksums: an op up to which it is committed, and all behind it. Since each checksum covers its parent's, two logs with the same checksum at an op are
/// the same up to it.
/// </summary>
public sealed class LogSuffix
{
    private readonly UInt128[] _checksums;

    /// <summary>Makes a suffix.</summary>
    /// <param name="baseOp">An op that is committed, 0 for the start of the log.</param>
    /// <param name="checksums">The checksum at the base (0 at op 0), then one for each op behind it. Not copied.</param>
    public LogSuffix(ulong baseOp, UInt128[] checksums)
    {
        InvariantViolation.Assert(checksums.Length is >= 1 and <= VsrLimits.PipelineEntriesMax + 1, "a suffix has its base and at most the pipeline behind it");
        BaseOp = baseOp;
        _checksums = checksums;
    }

    /// <summary>The committed op that the suffix stands on.</summary>
    public ulong BaseOp { get; }

    /// <summary>The op at which the log ends.</summary>
    public ulong LastOp => BaseOp + (ulong)_checksums.Length - 1;

    /// <summary>The checksum at an op from <see cref="BaseOp"/> to <see cref="LastOp"/>.</summary>
    public UInt128 this[ulong op] => _checksums[(int)(op - BaseOp)];

    /// <summary>All checksums, the base's first.</summary>
    public ReadOnlySpan<UInt128> Checksums => _checksums;
}
