namespace Dymes.Vsr.Simulation.Tests;

public sealed class RepeatTests
{
    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var (first, second) = (Run(seed), Run(seed));
            Assert.Equal((first.TraceHash, first.Events, first.CommittedOps, first.SimulatedMicroseconds), (second.TraceHash, second.Events, second.CommittedOps, second.SimulatedMicroseconds));
        }
    }

    [Fact]
    public void Another_seed_is_another_run() => Assert.Equal(100, Enumerable.Range(1, 100).Select(seed => Run((ulong)seed).TraceHash).Distinct().Count());

    [Fact]
    public void Being_told_changes_nothing()
    {
        var settings = new SimulationSettings { Seed = 12 };
        var told = Simulator.Run(settings with { IsTold = true });

        Assert.Equal(Simulator.Run(settings).TraceHash, told.TraceHash);
        Assert.NotEmpty(told.Timeline!.Events);
    }

    [Fact]
    public void A_fault_that_is_left_out_does_not_strike_and_the_others_do()
    {
        var all = Run(SeedWithFaults).Faults;
        var wanted = all[0].Number;
        var some = Simulator.Run(new SimulationSettings { Seed = SeedWithFaults, Only = new HashSet<int> { wanted } }).Faults;

        Assert.True(all.Count > 2);
        Assert.Equal(all[0], Assert.Single(some));
    }

    private static ulong SeedWithFaults => Enumerable.Range(1, 100).Select(seed => (ulong)seed).First(seed => Run(seed).Faults.Count > 10);

    private static SimulationResult Run(ulong seed) => Simulator.Run(new SimulationSettings { Seed = seed });
}
