using System.Globalization;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>Kill -9 of the real process under append load. <c>./dev crash 200</c> runs many rounds.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int RoundsOfATestRun = 3;

    [Fact]
    public async Task A_node_that_is_killed_keeps_every_acknowledged_message_once()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("DYMES_CRASH_ROUNDS") ?? "0", CultureInfo.InvariantCulture);
        var data = Directory.CreateTempSubdirectory("dymes-crash-");
        var seed = Environment.ProcessId;
        output.WriteLine($"seed {seed}");

        await new CrashRounds(data.FullName, seed, output.WriteLine).RunAsync(rounds > 0 ? rounds : RoundsOfATestRun);

        // Only a run that passed clears up: the files of one that failed are what there is to look at.
        data.Delete(recursive: true);
    }
}
