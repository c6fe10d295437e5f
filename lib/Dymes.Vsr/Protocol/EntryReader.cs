using Dymes.Common;
using Dymes.Vsr.Effects;

namespace Dymes.Vsr.Protocol;

/// <summary>Readings of entries that are not in memory any more: bounded, each with what is to be done with it.</summary>
internal sealed class EntryReader(EffectList effects)
{
    private const int ReadingsMax = 64;
    private readonly SortedDictionary<ulong, Action<IReadOnlyList<LogEntry>>> _readings = [];
    private ulong _last;

    /// <summary>Asks the host for committed entries. Where too many readings are under way, it does nothing: whoever asked asks again.</summary>
    public void Read(ulong fromOp, ulong lastOp, Action<IReadOnlyList<LogEntry>> then)
    {
        if (_readings.Count < ReadingsMax)
        {
            _readings.Add(++_last, then);
            effects.Add(Effect.Read(_last, fromOp, lastOp));
        }
    }

    public void OnRead(ulong reading, IReadOnlyList<LogEntry> entries)
    {
        InvariantViolation.Assert(_readings.Remove(reading, out var then), "only readings that were asked for are handed in, each once");
        then!(entries);
    }
}
