using System.Diagnostics.Metrics;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Engine;

/// <summary>How many appends were refused, by reason. Reasons that happen are shown from the start, at 0: a rate that first appears with its first case misses it. Safe for concurrent use.</summary>
internal sealed class RefusalCounts
{
    private const string Aborted = "aborted";

    private static readonly ErrorCode[] Usual =
    [
        ErrorCode.VersionMismatch, ErrorCode.IdConflict, ErrorCode.ParentMissing, ErrorCode.IdempotencyMismatch,
        ErrorCode.Overloaded, ErrorCode.NotReady, ErrorCode.DiskFull, ErrorCode.StorageFailed, ErrorCode.OutcomeUnknown, ErrorCode.Internal,
    ];

    private readonly long[] _byCode = new long[Enum.GetValues<ErrorCode>().Length];
    private long _aborted;

    public void Count(ErrorCode code) => Interlocked.Increment(ref _byCode[(int)code]);

    public void Count(AppendOutcome outcome)
    {
        switch (outcome)
        {
            case AppendOutcome.VersionMismatch:
                Count(ErrorCode.VersionMismatch);
                break;
            case AppendOutcome.IdConflict:
                Count(ErrorCode.IdConflict);
                break;
            case AppendOutcome.ParentMissing:
                Count(ErrorCode.ParentMissing);
                break;
            case AppendOutcome.IdempotencyMismatch:
                Count(ErrorCode.IdempotencyMismatch);
                break;
            default:
                Interlocked.Increment(ref _aborted);
                break;
        }
    }

    public IEnumerable<Measurement<long>> Measure()
    {
        yield return Of(Aborted, Volatile.Read(ref _aborted));
        for (var code = 0; code < _byCode.Length; code++)
        {
            var count = Volatile.Read(ref _byCode[code]);
            if (count > 0 || Array.IndexOf(Usual, (ErrorCode)code) >= 0)
            {
                yield return Of(ErrorCatalog.Describe((ErrorCode)code).Slug, count);
            }
        }
    }

    private static Measurement<long> Of(string reason, long count) => new(count, new KeyValuePair<string, object?>("reason", reason));
}
