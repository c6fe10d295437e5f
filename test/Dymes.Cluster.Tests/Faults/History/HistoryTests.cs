using System.Globalization;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Three real silos under load while they are killed, frozen, cut off in one direction or both, stalled by their disks, stopped and wiped. <c>./dev faults 30</c> goes on for half an hour,
/// <c>./dev faults 30 quorum</c> with the membership table that the silos keep themselves.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int SecondsOfATestRun = 45;

    [Fact]
    public async Task Whatever_happens_to_silos_their_clients_are_told_the_truth()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("DYMES_FAULT_MINUTES") ?? "0", CultureInfo.InvariantCulture);
        var seed = Environment.ProcessId;
        output.WriteLine($"seed {seed}");

        string[]? members = Environment.GetEnvironmentVariable("DYMES_FAULT_MEMBERSHIP") is "quorum" ? [] : null;
        await using var cluster = await SiloCluster.StartAsync(3, hasWires: true, members);
        try
        {
            await new FaultRounds(cluster, new ClusterHistory(), seed, output.WriteLine).RunAsync(minutes > 0 ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromSeconds(SecondsOfATestRun));
        }
        catch when (minutes > 0)
        {
            output.WriteLine($"The silos' data and what they said is kept in {cluster.Keep()}");
            throw;
        }
    }
}
