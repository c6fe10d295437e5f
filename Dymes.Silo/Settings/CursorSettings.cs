using Dymes.Programs.Configuration;

namespace Dymes.Silo.Settings;

/// <summary>How cursors are kept.</summary>
public sealed class CursorSettings
{
    /// <summary>A cursor that is not read for so long is gone.</summary>
    [Setting("longer than a reader's lunch, shorter than its absence", Min = "1s", Max = "30d")]
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The most cursors that are open at a time.</summary>
    [Setting("each is a small file", Min = "1", Max = "1000000")]
    public int OpenMax { get; set; } = 10_000;
}
