using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dymes.Tools.Simulating;
using Dymes.Vsr.Simulation;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Tools.Tests;

public sealed class SimulationCommandTests : ToolBench
{
    [Fact]
    public async Task Sound_seeds_end_well_and_say_how_much_was_covered()
    {
        var run = await SimulateAsync("--seed", "1", "--count", "5");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("seeds from 1: 5 of 5 seeds, ", Assert.Single(run.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_never_happened_fails_a_run_that_must_cover_all()
    {
        var run = await SimulateAsync("--seed", "1", "--replicas", "1", "--cover");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("message DoViewChange", Assert.Single(run.Lines, line => line.StartsWith("Never seen: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_has_a_column_for_each_replica()
    {
        var run = await SimulateAsync("--seed", "1", "--replicas", "3", "--failures", "0", "--burst", "5", "--trace");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["ms", "replica", "0", "replica", "1", "replica", "2"], run.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(run.Lines, line => line.Contains("== Primary v1", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.Contains("Prepare v1 op 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_shows_each_replica()
    {
        var path = PathOf("run.html");

        var run = await SimulateAsync("--seed", "1", "--replicas", "5", "--picture", path);

        Assert.Equal(0, run.ExitCode);
        var page = await File.ReadAllTextAsync(path);
        Assert.Contains(">replica 4<", page, StringComparison.Ordinal);
        Assert.Contains("class=\"Primary\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seeds_are_the_same_runs_in_another_process()
    {
        var here = await SimulateAsync("--seed", "100", "--count", "8", "--json");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dymes.dll"), "vsr-sim", "--seed", "100", "--count", "8", "--threads", "1", "--json"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var there = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Equal(HashOf(here.Output), HashOf(there));
    }

    [Theory]
    [InlineData("--replicas", "8")]
    [InlineData("--campaign", "earthquake")]
    [InlineData("--without", "earthquake")]
    [InlineData("--only", "first")]
    [InlineData("--tick", "0")]
    public async Task What_makes_no_sense_is_refused_by_name(string option, string value)
    {
        var run = await SimulateAsync("--seed", "1", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_is_of_one_seed() => Assert.Equal(2, (await SimulateAsync("--count", "2", "--trace")).ExitCode);

    [Fact]
    public void A_broken_rule_is_told_with_the_command_that_replays_it()
    {
        var sound = Simulator.Run(new SimulationSettings { Seed = 7, Replicas = 3, Without = new HashSet<FaultKind> { FaultKind.Wipe, FaultKind.Loss }, Only = new HashSet<int> { 4, 2 } });
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };

        new SimulationReport(sound with { Violation = new Violation(Rule.Agreement, "replica 1 has committed another entry at op 5") }).Print(output);

        var text = output.ToString();
        Assert.StartsWith("seed 7, 3 replicas: Agreement is broken after ", text, StringComparison.Ordinal);
        Assert.EndsWith("Replay it with: dymes vsr-sim --seed 7 --replicas 3 --without loss,wipe --only 2,4 --trace\n", text, StringComparison.Ordinal);
    }

    private Task<ToolRun> SimulateAsync(params string[] args) => RunOfflineAsync([], ["vsr-sim", .. args]);

    private static string? HashOf(string output)
    {
        using var report = JsonDocument.Parse(output);
        return report.RootElement.GetProperty("trace_hash").GetString();
    }
}
