using System.Collections.Concurrent;
using Dymes.Vsr.Simulation.Checking;

namespace Dymes.Vsr.Simulation.Tests;

/// <summary>Many seeds, on all processors: what was broken, and what was covered.</summary>
internal sealed class SeedRange
{
    private SeedRange(IReadOnlyList<SimulationResult> broken, Coverage coverage)
    {
        Broken = broken;
        Coverage = coverage;
    }

    public IReadOnlyList<SimulationResult> Broken { get; }

    public Coverage Coverage { get; }

    public static SeedRange Run(ulong first, int count)
    {
        var broken = new ConcurrentBag<SimulationResult>();
        var coverage = new Coverage();
        Parallel.For(0, count, () => new Coverage(), (i, _, covered) =>
        {
            var result = Simulator.Run(new SimulationSettings { Seed = first + (ulong)i });
            covered.Add(result.Coverage);
            if (result.Violation is not null)
            {
                broken.Add(result);
            }

            return covered;
        }, covered =>
        {
            lock (coverage)
            {
                coverage.Add(covered);
            }
        });
        return new SeedRange([.. broken.OrderBy(result => result.Settings.Seed)], coverage);
    }

    public void AssertSound() => Assert.True(Broken.Count == 0, string.Join('\n', Broken.Take(10).Select(result =>
        $"{result.Violation!.Rule}: {result.Violation.Message}; replay it with: dymes vsr-sim --seed {result.Settings.Seed} --trace")));
}
