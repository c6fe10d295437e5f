namespace Dymes.Vsr.Protocol;

/// <summary>How long a replica waits for its primary, or for a view change to end. Each draws its own time, and waits longer after each attempt that led to nothing.</summary>
internal sealed class Suspicion(ReplicaCore core)
{
    private const int DoublingsMax = 2;
    private ulong _heardAt;
    private ulong _dueAt = core.Now;
    private bool _hasHeard;
    private int _attempts;

    /// <summary>Whether the primary of this view was heard so lately that it is not to be given up.</summary>
    public bool HasHeardLately => _hasHeard && core.Now - _heardAt < (ulong)core.Settings.SuspectMinMilliseconds;

    /// <summary>Whether it is time to ask the others.</summary>
    public bool IsDue => core.Now >= _dueAt;

    /// <summary>The primary of this view lives.</summary>
    public void Heard()
    {
        _heardAt = core.Now;
        _hasHeard = true;
        _attempts = 0;
        Postpone();
    }

    /// <summary>The others are being asked; if they do not agree, they are asked again after a while.</summary>
    public void Postpone() => _dueAt = core.Now + (ulong)core.Random.Between(core.Settings.SuspectMinMilliseconds, core.Settings.SuspectMaxMilliseconds);

    /// <summary>The replica has left its view: the next one gets its time, and more after each that did not begin.</summary>
    public void Restart()
    {
        _hasHeard = false;
        _dueAt = core.Now + ((ulong)core.Random.Between(core.Settings.SuspectMinMilliseconds, core.Settings.SuspectMaxMilliseconds) << _attempts);
        _attempts = Math.Min(_attempts + 1, DoublingsMax);
    }
}
