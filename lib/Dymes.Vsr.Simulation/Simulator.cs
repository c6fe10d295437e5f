using Dymes.Common;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Running;
using Dymes.Vsr.Simulation.Telling;

namespace Dymes.Vsr.Simulation;

/// <summary>Runs a seed: a storm of faults, in which nothing wrong may happen; then a majority is healed, and something right must.</summary>
public static class Simulator
{
    private const ulong StepMicroseconds = 100_000;

    /// <summary>Runs a seed to its end, or to the first rule that is broken.</summary>
    /// <param name="settings">The seed, and what of it is to be otherwise.</param>
    /// <param name="cancelled">Is asked now and then whether to give up.</param>
    /// <exception cref="OperationCanceledException">It was to give up.</exception>
    public static SimulationResult Run(SimulationSettings settings, Func<bool>? cancelled = null) => Run(settings, Sabotage.None, cancelled);

    internal static SimulationResult Run(SimulationSettings settings, Sabotage sabotage, Func<bool>? cancelled = null)
    {
        var plan = SwarmDraw.Draw(settings);
        var timeline = settings.IsTold ? new Timeline(plan.Replicas) : null;
        var cluster = new SimulatedCluster(plan, settings.Seed, sabotage, timeline);
        var events = 0L;
        var violation = Watch(() =>
        {
            Storm(cluster, cancelled, ref events);
            events += new Convergence(cluster, new Dice(settings.Seed ^ 0x5EED_0002)).Await();
        });
        timeline?.End(violation);
        return new SimulationResult
        {
            Settings = settings,
            Replicas = plan.Replicas,
            Faults = plan.Faults,
            Violation = violation,
            TraceHash = cluster.Hash.Value,
            SimulatedMicroseconds = cluster.Queue.Now,
            Events = events,
            CommittedOps = cluster.Log.LastOp,
            Acknowledged = cluster.Acknowledgements.Count,
            Coverage = cluster.Coverage,
            Timeline = timeline,
        };
    }

    private static void Storm(SimulatedCluster cluster, Func<bool>? cancelled, ref long events)
    {
        foreach (var fault in cluster.Plan.Faults)
        {
            Action<PlannedFault> begin = fault.When == Moment.AtOnce ? cluster.Faults.Strike : cluster.Ambush.Lay;
            cluster.Queue.At(fault.AtMicroseconds, () => begin(fault));
        }

        if (cluster.Plan.DriftMax > 0)
        {
            cluster.Coverage.Count(FaultKind.ClockDrift);
        }

        while (cluster.Queue.Now < cluster.Plan.StormMicroseconds)
        {
            events += cluster.Queue.RunUntil(cluster.Queue.Now + StepMicroseconds);
            if (cancelled?.Invoke() == true)
            {
                throw new OperationCanceledException();
            }
        }
    }

    // Whatever a replica throws is a rule broken: nothing that happens here is a reason to.
    private static Violation? Watch(Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (RuleBroken broken)
        {
            return new Violation(broken.Rule, broken.Message);
        }
        catch (Exception trouble) when (trouble is not (OperationCanceledException or OutOfMemoryException))
        {
            var rule = trouble is InvariantViolation ? trouble.Message : $"{trouble.GetType().Name}: {trouble.Message}";
            return new Violation(Rule.Invariant, rule, trouble.StackTrace ?? "");
        }
    }
}
