using System.Diagnostics;

namespace Dymes.Vsr.Simulation.Tests;

public sealed class SeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Smoke()
    {
        var first = ulong.Parse(Environment.GetEnvironmentVariable("FIRST") ?? "1");
        var count = ulong.Parse(Environment.GetEnvironmentVariable("COUNT") ?? "50");
        var bad = 0;
        var sim = 0.0;
        var events = 0L;
        var watch = Stopwatch.StartNew();
        for (var seed = first; seed < first + count; seed++)
        {
            var r = Simulator.Run(new SimulationSettings { Seed = seed, IsTold = Environment.GetEnvironmentVariable("TOLD") is not null });
            if (r.Timeline is { } line)
            {
                File.WriteAllLines($"/tmp/sim-{seed}.txt", Telling.ColumnText.Lines(line, 200));
            }

            sim += r.SimulatedMicroseconds / 1e6;
            events += r.Events;
            if (r.Violation is { } v && bad++ < 25)
            {
                output.WriteLine($"{seed} n={r.Replicas} faults={r.Faults.Count} t={r.SimulatedMicroseconds / 1e6:0.0}: {v.Rule} {v.Message}\n{string.Join('\n', v.Detail.Split('\n').Take(6))}");
            }
        }

        output.WriteLine($"{bad} bad of {count}, {sim:0} s in {watch.Elapsed.TotalSeconds:0.0} s, {events} events");
    }
}
