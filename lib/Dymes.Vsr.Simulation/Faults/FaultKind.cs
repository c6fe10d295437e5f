namespace Dymes.Vsr.Simulation.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind : byte
{
    /// <summary>A message is lost.</summary>
    Loss,

    /// <summary>A message arrives twice.</summary>
    Duplication,

    /// <summary>A message's bytes are changed on the way.</summary>
    Corruption,

    /// <summary>A message arrives seconds late, maybe after the receiver was started anew.</summary>
    Straggler,

    /// <summary>A replica is cut off from all others.</summary>
    Isolation,

    /// <summary>The group falls apart into two.</summary>
    Split,

    /// <summary>What one replica sends reaches nobody, or nothing reaches it.</summary>
    OneWayCut,

    /// <summary>Some pairs do not hear each other.</summary>
    PartialCut,

    /// <summary>What is sent on some ways within a while comes seconds late, whatever is cut or lost in between.</summary>
    HeldBack,

    /// <summary>What is sent on some ways within a while comes as it would, and once more seconds later.</summary>
    Echo,

    /// <summary>What a replica received within the last seconds reaches it once more, all at once.</summary>
    Replay,

    /// <summary>Messages of some kinds are lost on some ways for a while, and the others are not.</summary>
    LostKind,

    /// <summary>The newest entries are on one backup's disk alone, and the group goes on without it.</summary>
    Fork,

    /// <summary>A replica leaves its view unheard, loses its disk, and comes back in the view that it left.</summary>
    Defection,

    /// <summary>The primary hands over, and maybe stops.</summary>
    HandOver,

    /// <summary>All replicas hand over, stop and are started again, one after the other.</summary>
    RollingRestart,

    /// <summary>A replica is killed, and started again after a while.</summary>
    Crash,

    /// <summary>A replica is killed between two effects of a step.</summary>
    CrashWithinStep,

    /// <summary>All replicas are killed at once.</summary>
    PowerCut,

    /// <summary>A replica does nothing for a while, and then goes on as if nothing had been.</summary>
    Pause,

    /// <summary>A crash loses a write that was not flushed.</summary>
    LostWrite,

    /// <summary>A crash keeps a write that was not flushed.</summary>
    KeptWrite,

    /// <summary>A crash leaves half of a write that was not flushed.</summary>
    TornWrite,

    /// <summary>A flush reports an error.</summary>
    FailedFlush,

    /// <summary>A disk does nothing for a while.</summary>
    DiskStall,

    /// <summary>An entry at rest goes bad.</summary>
    FlippedByte,

    /// <summary>A write went to another place: one entry is missing, another overwritten.</summary>
    MisdirectedWrite,

    /// <summary>The hard state cannot be read any more.</summary>
    LostState,

    /// <summary>A disk is replaced by an empty one.</summary>
    Wipe,

    /// <summary>A clock of the day steps by up to a minute, in either direction.</summary>
    ClockStep,

    /// <summary>Clocks run fast or slow by up to five percent.</summary>
    ClockDrift,

    /// <summary>A client goes away in the middle of a request.</summary>
    ClientDeath,
}
