using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Tests.Bugs;

namespace Dymes.Vsr.Simulation.Tests;

public sealed class ShrinkerTests
{
    [Fact]
    public void The_fewest_faults_that_break_the_rule_are_left()
    {
        var broken = Enumerable.Range(1, 1000).Select(seed => Run(new SimulationSettings { Seed = (ulong)seed })).First(result => result.Violation is { Rule: Rule.Memory } && result.Faults.Count > 3);

        var fewest = Shrinker.Shrink(broken, Run);

        var again = Run(fewest);
        Assert.Equal(Rule.Memory, again.Violation?.Rule);
        Assert.InRange(again.Faults.Count, 1, broken.Faults.Count - 1);
        foreach (var fault in again.Faults)
        {
            var less = Run(fewest with { Only = again.Faults.Select(each => each.Number).Where(number => number != fault.Number).ToHashSet() });
            Assert.NotEqual(Rule.Memory, less.Violation?.Rule);
        }
    }

    // Not written down that it recovers: it takes a loss and a crash to see it.
    private static SimulationResult Run(SimulationSettings settings) => Simulator.Run(settings, new ForgetsThatItRecovers());
}
