namespace Dymes.Vsr.Simulation.Faults;

/// <summary>What a fault waits for before it strikes: some bugs show only in the milliseconds after something else.</summary>
public enum Moment : byte
{
    /// <summary>Nothing: it strikes at its time.</summary>
    AtOnce,

    /// <summary>A replica leaves a view for another.</summary>
    ViewChange,

    /// <summary>A replica becomes the primary.</summary>
    Leads,

    /// <summary>A replica comes up and has lost something.</summary>
    Recovers,

    /// <summary>A replica has got back what it lost.</summary>
    HasRecovered,
}
