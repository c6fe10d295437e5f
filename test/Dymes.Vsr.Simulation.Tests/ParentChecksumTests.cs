using Dymes.Vsr.Simulation.Tests.Bugs;

namespace Dymes.Vsr.Simulation.Tests;

public sealed class ParentChecksumTests
{
    // It is an assertion, the second line behind what keeps logs the same; MutationTests shows that a bug of the first line is found without it too.
    [Fact]
    public void Without_another_bug_no_parent_is_ever_wrong()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var bug = new IgnoresTheParentChecksum();
            var result = Simulator.Run(new SimulationSettings { Seed = seed }, bug);
            Assert.Null(result.Violation);
            Assert.Equal(0, bug.Ignored);
        }
    }
}
