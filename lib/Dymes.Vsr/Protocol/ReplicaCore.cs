using Dymes.Common;
using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// What all sub-protocols share: who the replica is, where it stands, its log. Owned by the replica's one caller. The sub-protocols change it through the verbs here, which hold the
/// rules that must never be broken.
/// </summary>
internal sealed class ReplicaCore
{
    public ReplicaCore(ReplicaIdentity identity, ReplicaSettings settings, ReplicaStart start, IStateMachine machine)
    {
        Identity = identity;
        Settings = settings;
        Machine = machine;
        Effects = new EffectList();
        Random = new SeededRandom(start.Seed);
        State = new StateKeeper(start.State, Effects);
        Log = new ReplicaLog(start, Effects, machine);
        Sessions = start.Sessions;
        Now = start.Now;
        View = start.State?.View ?? default;
        LogView = start.State?.LogView ?? default;
        Incarnations = start.State?.Incarnations ?? Incarnations.None;
        CommitOp = start.Commit;
        AppliedOp = start.Commit;
        InvariantViolation.Assert(Sessions.Op == AppliedOp, "the sessions are as of the op up to which the log is known to be final");
    }

    public ReplicaIdentity Identity { get; }

    public ReplicaSettings Settings { get; }

    public IStateMachine Machine { get; }

    public EffectList Effects { get; }

    public SeededRandom Random { get; }

    public StateKeeper State { get; }

    public ReplicaLog Log { get; }

    public ClientTable Sessions { get; }

    /// <summary>The host's monotonic clock in milliseconds, as of the last tick.</summary>
    public ulong Now { get; set; }

    /// <summary>Whether the host's disk has no room for new requests.</summary>
    public bool IsFull { get; set; }

    public ReplicaStatus Status { get; private set; } = ReplicaStatus.Recovering;

    public ViewNumber View { get; private set; }

    /// <summary>The newest view whose log is this replica's.</summary>
    public ViewNumber LogView { get; private set; }

    /// <summary>How often each replica is known to have lost its memory. A replica that recovers writes its new number down before it is a member.</summary>
    public Incarnations Incarnations { get; private set; }

    /// <summary>Everything up to here is committed, and in this replica's log.</summary>
    public ulong CommitOp { get; private set; }

    /// <summary>Everything up to here is also on this replica's disk, and was given to the state machine.</summary>
    public ulong AppliedOp { get; private set; }

    public ReplicaNumber Self => Identity.Self;

    public ReplicaNumber Primary => View.PrimaryOf(Identity.ReplicaCount);

    public bool IsNormalPrimary => Status == ReplicaStatus.Normal && Primary == Self;

    public bool IsNormalBackup => Status == ReplicaStatus.Normal && Primary != Self;

    public Envelope Envelope => new(Identity.ClusterId, Identity.Epoch, Self, View);

    /// <summary>The one place where the status changes. The view never steps back.</summary>
    public void Become(ReplicaStatus status, ViewNumber view)
    {
        InvariantViolation.Assert(view >= View, "the view never steps back");
        InvariantViolation.Assert(IsAllowed(Status, status), $"a replica does not go from {Status} to {status}");
        InvariantViolation.Assert(
            status != ReplicaStatus.Normal || (State.Durable is { IsRecovering: false } state && state.View == view && state.LogView == view),
            "a replica is normal only in the view whose log is on its disk");
        Status = status;
        View = view;
        Effects.Add(Effect.StatusChanged());
    }

    /// <summary>The log is that of the view now; the host writes it down.</summary>
    public void TakeLogOfView()
    {
        InvariantViolation.Assert(Log.IsSettled, "the log is on disk before it is said to be the view's");
        LogView = View;
        Persist(isRecovering: false);
    }

    public void Persist(bool isRecovering) => State.Persist(new DurableState(View, LogView, isRecovering, Incarnations, CommitOp));

    /// <summary>Learns of losses; a <see cref="Persist"/> follows where they must not be forgotten.</summary>
    public void Learn(Incarnations incarnations) => Incarnations = Incarnations.With(incarnations);

    public void AdvanceCommit(ulong op)
    {
        InvariantViolation.Assert(op <= Log.LastOp, "what is committed is in the log");
        CommitOp = Math.Max(CommitOp, op);
    }

    public void TruncateAfter(ulong op)
    {
        InvariantViolation.Assert(op >= CommitOp, "what is committed is never cut off");
        if (op < Log.LastOp)
        {
            Log.TruncateAfter(op, Now);
        }
    }

    /// <summary>Gives the state machine the next entry that is committed and on this replica's disk; null where there is none.</summary>
    public LogEntry? ApplyNext()
    {
        if (AppliedOp >= Math.Min(CommitOp, Log.DurableOp))
        {
            return null;
        }

        var entry = Log.Find(AppliedOp + 1);
        InvariantViolation.Assert(entry is not null, "an entry stays in memory until it is applied");
        Machine.Commit(entry);
        Sessions.Apply(entry.Header);
        AppliedOp = entry.Op;
        return entry;
    }

    public void Send(ReplicaNumber to, VsrMessage message)
    {
        InvariantViolation.Assert(to != Self, "a replica does not send to itself");
        Effects.Add(Effect.Send(to, message));
    }

    public void Broadcast(VsrMessage message)
    {
        for (byte to = 0; to < Identity.ReplicaCount; to++)
        {
            if (to != Self.Value)
            {
                Send(new ReplicaNumber(to), message);
            }
        }
    }

    private static bool IsAllowed(ReplicaStatus from, ReplicaStatus to) => (from, to) switch
    {
        (_, ReplicaStatus.Stopped) => true,
        (ReplicaStatus.Stopped, _) => false,
        (ReplicaStatus.Normal, ReplicaStatus.Normal) => false,
        (_, ReplicaStatus.Recovering) => from == ReplicaStatus.Recovering,
        _ => true,
    };
}
