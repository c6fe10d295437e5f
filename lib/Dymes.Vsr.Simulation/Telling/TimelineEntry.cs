namespace Dymes.Vsr.Simulation.Telling;

/// <summary>What a line of a timeline is about.</summary>
public enum TimelineKind : byte
{
    /// <summary>A message was sent.</summary>
    Sent,

    /// <summary>A message arrived.</summary>
    Delivered,

    /// <summary>A message did not arrive.</summary>
    Lost,

    /// <summary>The replica is the primary now, of the view in <see cref="TimelineEntry.Number"/>.</summary>
    Primary,

    /// <summary>The replica is a backup now.</summary>
    Backup,

    /// <summary>The replica takes part in a view change now.</summary>
    ViewChange,

    /// <summary>The replica recovers.</summary>
    Recovering,

    /// <summary>The replica's disk failed.</summary>
    Stopped,

    /// <summary>The machine is down.</summary>
    Down,

    /// <summary>The replica has applied entries up to the op in <see cref="TimelineEntry.Number"/>.</summary>
    Applied,

    /// <summary>A client is answered.</summary>
    Replied,

    /// <summary>A fault strikes.</summary>
    Fault,

    /// <summary>Something else.</summary>
    Note,

    /// <summary>A rule is broken.</summary>
    Broken,
}

/// <summary>One thing that happened.</summary>
/// <param name="AtMicroseconds">When, in simulated time.</param>
/// <param name="Replica">To whom; -1 where it is to none in particular.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Number">A view or an op, where the kind has one.</param>
/// <param name="Text">What happened.</param>
public sealed record TimelineEntry(ulong AtMicroseconds, int Replica, TimelineKind Kind, ulong Number, string Text);
