using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Networking;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Faults;

/// <summary>Lets faults strike. One that finds nothing to strike, or would break more than the protocol promises to survive, does nothing.</summary>
internal sealed class FaultInjector
{
    private const int ClockStepMilliseconds = 60_000;

    // Messages whose absence, or whose late arrival, is a state of its own.
    private static readonly MessageKind[][] KindsTogether =
    [
        [MessageKind.StartViewChange], [MessageKind.DoViewChange], [MessageKind.StartViewChange, MessageKind.DoViewChange], [MessageKind.StartView],
        [MessageKind.StartView, MessageKind.RecoverReply], [MessageKind.Prepare], [MessageKind.PrepareOk], [MessageKind.Commit, MessageKind.PrepareOk], [MessageKind.GetState, MessageKind.NewState], [MessageKind.GetState, MessageKind.NewState],
    ];

    private readonly SimulatedCluster _cluster;
    private readonly SurvivalBudget _budget;
    private readonly Forks _forks;
    private readonly Defections _defections;
    private readonly Restarts _restarts;

    public FaultInjector(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _budget = new SurvivalBudget(cluster);
        _forks = new Forks(cluster);
        _defections = new Defections(cluster, _budget);
        _restarts = new Restarts(cluster);
    }

    public void Strike(PlannedFault fault)
    {
        if (!_cluster.IsStorm)
        {
            return;
        }

        var host = _cluster.Hosts[fault.Replica];
        var dice = new Dice(fault.Luck);
        if (Hits(fault, host, dice))
        {
            _cluster.Coverage.Count(fault.Kind);
            _cluster.Hash.Add(0xFA17, (ulong)fault.Kind, (ulong)fault.Number);
            _cluster.Timeline?.Fault(fault);
        }
    }

    private bool Hits(PlannedFault fault, SimulatedHost host, Dice dice) => fault.Kind switch
    {
        FaultKind.Isolation or FaultKind.Split or FaultKind.OneWayCut or FaultKind.PartialCut => Cut(fault, dice),
        FaultKind.HeldBack or FaultKind.Echo or FaultKind.LostKind => Interfere(fault, dice),
        FaultKind.Replay => _cluster.Network.Interference.Replay(fault.Replica, dice.Chance(0.5) ? KindsTogether[dice.Between(0, KindsTogether.Length - 1)] : []),
        FaultKind.Fork => _forks.Make(fault, dice),
        FaultKind.Defection => _defections.Make(fault, host, dice),
        FaultKind.HandOver => _restarts.HandOver(host, dice),
        FaultKind.RollingRestart => _restarts.Roll(dice),
        FaultKind.Crash => Crash(host, fault.ForMicroseconds),
        FaultKind.CrashWithinStep => Arm(host, dice),
        FaultKind.PowerCut => PowerCut(dice),
        FaultKind.Pause => Pause(host, fault.ForMicroseconds),
        FaultKind.ClockStep => StepClock(host, dice),
        FaultKind.ClientDeath => _cluster.ReplaceClient(dice),
        _ => HitsDisk(fault, host, dice),
    };

    private bool HitsDisk(PlannedFault fault, SimulatedHost host, Dice dice) => fault.Kind switch
    {
        FaultKind.FailedFlush => FailFlush(host, dice),
        FaultKind.DiskStall => Stall(host, fault.ForMicroseconds),
        FaultKind.FlippedByte => Damage(host, dice, copies: 1),
        FaultKind.MisdirectedWrite => Damage(host, dice, copies: 2),
        FaultKind.LostState => LoseState(host, fault.ForMicroseconds),
        FaultKind.Wipe => Wipe(host, fault.ForMicroseconds),
        _ => false,
    };

    private bool Cut(PlannedFault fault, Dice dice)
    {
        var ways = CutShapes.Draw(fault.Kind, fault.Replica, _cluster.Plan.Replicas, dice);
        _cluster.Network.Cuts.Cut(ways);
        _cluster.Queue.In(fault.ForMicroseconds, () => _cluster.Network.Cuts.Mend(ways));
        return ways.Count > 0;
    }

    private bool Interfere(PlannedFault fault, Dice dice)
    {
        var shape = dice.Between(0, 3) switch
        {
            0 => FaultKind.Isolation,
            1 => FaultKind.PartialCut,
            _ => FaultKind.OneWayCut,
        };
        var ways = CutShapes.Draw(shape, fault.Replica, _cluster.Plan.Replicas, dice);
        var kinds = fault.Kind == FaultKind.LostKind || dice.Chance(0.5) ? KindsTogether[dice.Between(0, KindsTogether.Length - 1)] : [];
        _cluster.Network.Interference.Begin(new Stretch(ways.ToHashSet(), kinds, _cluster.Queue.Now + fault.ForMicroseconds, IsTaken: fault.Kind != FaultKind.Echo, ComesLate: fault.Kind != FaultKind.LostKind));
        return ways.Count > 0;
    }

    private bool Crash(SimulatedHost host, ulong down)
    {
        if (host.Running is null)
        {
            return false;
        }

        host.Crash();
        _cluster.Queue.In(down, host.Start);
        return true;
    }

    private static bool Arm(SimulatedHost host, Dice dice)
    {
        host.CrashAfter(dice.Between(0, 40));
        return false; // it counts when it happens
    }

    private bool PowerCut(Dice dice)
    {
        foreach (var host in _cluster.Hosts)
        {
            Crash(host, _cluster.Plan.Hasten(dice.Between(1_000, 500_000)));
        }

        return true;
    }

    private bool Pause(SimulatedHost host, ulong microseconds)
    {
        host.PauseUntil(_cluster.Queue.Now + microseconds);
        return host.Running is not null;
    }

    private static bool StepClock(SimulatedHost host, Dice dice)
    {
        host.Clock.Step(dice.Between(-ClockStepMilliseconds, ClockStepMilliseconds));
        return true;
    }

    private static bool FailFlush(SimulatedHost host, Dice dice)
    {
        var lane = dice.Chance(0.5) ? host.Disk.LogLane : host.Disk.StateLane;
        lane.FailsNext = true;
        return host.Running is not null;
    }

    private bool Stall(SimulatedHost host, ulong microseconds)
    {
        host.Disk.LogLane.StalledUntil = _cluster.Queue.Now + microseconds;
        host.Disk.StateLane.StalledUntil = _cluster.Queue.Now + microseconds;
        return true;
    }

    // Sometimes the newest entries, whose loss matters most; the host finds it at once, later, or when it starts again.
    private bool Damage(SimulatedHost host, Dice dice, int copies)
    {
        if (host.Disk.LastOp == 0 || !_budget.Allows(host))
        {
            return false;
        }

        for (var i = 0; i < copies; i++)
        {
            var last = (int)host.Disk.LastOp;
            host.Disk.Damage((ulong)(dice.Chance(0.6) ? dice.Between(Math.Max(1, last - 3), last) : dice.Between(1, last)));
        }

        switch (dice.Between(0, 2))
        {
            case 0:
                host.ReportDamage();
                break;
            case 1:
                Crash(host, _cluster.Plan.Hasten(dice.Between(1_000, 1_000_000)));
                break;
        }

        return true;
    }

    private bool LoseState(SimulatedHost host, ulong down)
    {
        if (!_budget.Allows(host) || host.Disk.State is null)
        {
            return false;
        }

        Crash(host, down);
        host.Disk.LoseState();
        host.Promises.Lose();
        return true;
    }

    private bool Wipe(SimulatedHost host, ulong down)
    {
        if (!_budget.Allows(host))
        {
            return false;
        }

        Crash(host, down);
        host.Disk.Wipe();
        host.Promises.Lose();
        return true;
    }
}
