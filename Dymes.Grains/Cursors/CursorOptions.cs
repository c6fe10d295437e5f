namespace Dymes.Grains.Cursors;

/// <summary>How cursors are kept.</summary>
public sealed record CursorOptions
{
    /// <summary>The directory above the datasets' directories.</summary>
    public required string DataPath { get; init; }

    /// <summary>A cursor that is not read for so long is gone. 1 s to 30 days; 1 h: longer than a reader's lunch, shorter than its absence.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most cursors that may be open at a time. 1 to 1,000,000; 10,000: each is a file of some hundred bytes, or of 160 KiB with 10,000 ids.</summary>
    public int OpenMax { get; init; } = 10_000;

    /// <summary>How many silos keep each cursor together. 1 to 7; 1: the silo is alone.</summary>
    public int Keepers { get; init; } = 1;

    /// <summary>The number of the keeper, from 0, that the silo of a name has; -1 where it has none.</summary>
    public Func<string, int> KeeperOf { get; init; } = static _ => 0;
}
