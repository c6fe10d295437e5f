namespace Dymes.Vsr.Simulation.Checking;

/// <summary>What must hold, whatever goes wrong.</summary>
public enum Rule : byte
{
    /// <summary>Two replicas that have committed an op have the same bytes there.</summary>
    Agreement,

    /// <summary>What was acknowledged is in the log of every later view, and on the disks of a majority.</summary>
    Durability,

    /// <summary>A request is in the log at most once, and every answer to it is the same.</summary>
    ExactlyOnce,

    /// <summary>What was acknowledged before something else was asked comes before it; a read sees it.</summary>
    RealTimeOrder,

    /// <summary>Ops and positions have no gaps, and nothing that is committed is cut off.</summary>
    GapFree,

    /// <summary>Ids and timestamps grow with the position.</summary>
    IdOrder,

    /// <summary>Once a majority is sound and connected, requests are answered and replicas converge.</summary>
    Liveness,

    /// <summary>A replica promises nothing that it contradicts later, and nothing with a memory that it has lost.</summary>
    Memory,

    /// <summary>The replicas' disks have the same bytes up to the commit.</summary>
    Identical,

    /// <summary>A reader of the committed log misses nothing and sees nothing twice, whichever replicas it reads from.</summary>
    Cursor,

    /// <summary>A replica's own assertions.</summary>
    Invariant,

    /// <summary>A message comes out of its bytes as it went in, and damaged bytes are refused.</summary>
    Codec,
}
