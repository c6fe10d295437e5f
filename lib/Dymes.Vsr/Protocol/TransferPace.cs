namespace Dymes.Vsr.Protocol;

/// <summary>
/// A token bucket of <see cref="VsrLimits.TransferBytesPerSecond"/>. What a piece takes beyond it is waited for before the next one, and what was not used is kept for two pieces: time passes in
/// ticks, which are longer than a piece takes.
/// </summary>
internal sealed class TransferPace
{
    private const long BytesPerMillisecond = VsrLimits.TransferBytesPerSecond / 1000;
    private const long BytesSavedMax = 2 * VsrLimits.TransferBytesMax;

    private long _bytes;
    private ulong _at;

    /// <summary>Whether another piece may be asked for.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public bool Allows(ulong now)
    {
        var elapsed = (long)Math.Min(now - _at, uint.MaxValue);
        _bytes = Math.Min(_bytes + (elapsed * BytesPerMillisecond), BytesSavedMax);
        _at = now;
        return _bytes >= 0;
    }

    /// <summary>A piece came.</summary>
    public void Count(IReadOnlyList<LogEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            _bytes -= entries[i].Header.SizeBytes;
        }
    }
}
