using System.Globalization;
using Dymes.Common;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Three real silos under load while they are killed, frozen, cut off, stopped and wiped. <c>./dev faults 30</c> goes on for half an hour.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int SecondsOfATestRun = 45;

    [Fact]
    public async Task Whatever_happens_to_silos_their_clients_are_told_the_truth()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("DYMES_FAULT_MINUTES") ?? "0", CultureInfo.InvariantCulture);
        var seed = Environment.ProcessId;
        output.WriteLine($"seed {seed}");

        await using var cluster = await SiloCluster.StartAsync(3, hasWires: true);
        await new FaultRounds(cluster, new ClusterHistory(), seed, output.WriteLine).RunAsync(minutes > 0 ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromSeconds(SecondsOfATestRun));
    }

    [Fact]
    public void A_history_that_cannot_be_is_found()
    {
        Assert.Contains("not in the log", Check([new("a", 1, 2, AttemptOutcome.Acknowledged, new Lsn(0))], []));
        Assert.Contains("is at 1", Check([new("a", 1, 2, AttemptOutcome.Acknowledged, new Lsn(0))], ["b", "a"]));
        Assert.Contains("twice", Check([new("a", 1, 2, AttemptOutcome.Unknown, default)], ["a", "a"]));
        Assert.Contains("refused", Check([new("a", 1, 2, AttemptOutcome.Refused, default)], ["a"]));
        Assert.Contains("before b was sent", Check([new("a", 1, 2, AttemptOutcome.Acknowledged, new Lsn(1)), new("b", 3, 4, AttemptOutcome.Acknowledged, new Lsn(0))], ["b", "a"]));
        Assert.Empty(Check([new("a", 1, 5, AttemptOutcome.Acknowledged, new Lsn(1)), new("b", 3, 4, AttemptOutcome.Acknowledged, new Lsn(0)), new("c", 1, 2, AttemptOutcome.Unknown, default)], ["b", "a"]));
    }

    private static string Check(Attempt[] attempts, string[] bodies)
    {
        var history = new ClusterHistory();
        Array.ForEach(attempts, attempt => history.Add(attempt, null));
        history.Check(bodies);
        return string.Join('\n', history.Violations);
    }
}
