namespace Dymes.Testing.Simulation;

/// <summary>What a crash does to what was not flushed.</summary>
public enum CrashMode
{
    /// <summary>The power goes: all of it is lost.</summary>
    LoseUnflushed,

    /// <summary>The power goes, but the disk had just written everything.</summary>
    KeepUnflushed,

    /// <summary>
    /// The power goes amid writing: of each file each sector is found in some state since its last flush, the length likewise, and of each directory's changes some first ones
    /// count.
    /// </summary>
    Tear,

    /// <summary>Only the process dies. What was written is seen by the next one, and is still not flushed: a later power cut may take it.</summary>
    KillProcess,
}
