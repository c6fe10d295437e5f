using Dymes.MessageStore;
using Dymes.Programs.Configuration;

namespace Dymes.Silo.Settings;

/// <summary>Where and how messages are kept.</summary>
public sealed class StoreSettings
{
    private static readonly StoreOptions Defaults = new() { Directory = "" };

    /// <summary>The directory of all datasets, held by one process at a time.</summary>
    [Setting("beside whoever starts it; give a path of its own in production")]
    public string DataPath { get; set; } = "./dymes-data";

    /// <summary>A segment rolls before it grows over this.</summary>
    [Setting("a start replays at most one segment, in a fraction of a second", Min = "64KiB", Max = "1GiB")]
    public long SegmentBytesMax { get; set; } = Defaults.SegmentBytesMax;

    /// <summary>A segment rolls before it holds more messages.</summary>
    [Setting("as in the original", Min = "1", Max = "1048576")]
    public int SegmentMessagesMax { get; set; } = Defaults.SegmentMessagesMax;

    /// <summary>What is flushed before an append counts as durable.</summary>
    [Setting("an acknowledged append survives a power cut")]
    public SyncLevel SyncLevel { get; set; } = Defaults.SyncLevel;

    /// <summary>Appends are refused when less than this is free on the disk.</summary>
    [Setting("one segment, so that no write fails halfway", Min = "0", Max = "1024GiB")]
    public long ReserveBytes { get; set; } = Defaults.ReserveBytes;

    /// <summary>How many bytes a second are read in the background to find what went bad on the disk; 0: none.</summary>
    [Setting("100 GiB in four hours, and nobody else notices", Min = "0", Max = "1GiB")]
    public long ScrubBytesPerSecond { get; set; } = 8L << 20;

    /// <summary>From the beginning of one such reading to the next.</summary>
    [Setting("damage is mended before the same message goes bad elsewhere too", Min = "1s", Max = "30d")]
    public TimeSpan ScrubEvery { get; set; } = Defaults.ScrubEvery;
}
