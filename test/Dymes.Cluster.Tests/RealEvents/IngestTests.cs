using System.Diagnostics;
using System.Globalization;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>The main job on real input: a log of this machine's events, and questions whose answers awk and sort know too. <c>./dev ingest 100000</c> takes many.</summary>
public sealed class IngestTests(ITestOutputHelper output)
{
    private const int EventsOfATestRun = 20_000;
    private const int Ranges = 20;
    private const int Channels = 40;
    private const int Trees = 20;
    private const int Bodies = 500;

    [Fact]
    public async Task Answers_about_this_machines_events_are_those_of_awk_and_sort()
    {
        var wanted = int.Parse(Environment.GetEnvironmentVariable("DYMES_INGEST_RECORDS") ?? "0", CultureInfo.InvariantCulture);
        var scratch = Directory.CreateTempSubdirectory("dymes-ingest-");
        var log = RealEventLog.Collect(wanted > 0 ? wanted : EventsOfATestRun, scratch.FullName);
        output.WriteLine($"{log.Events.Count} events: {log.Composition}");
        if (log.Events.Count < wanted)
        {
            output.WriteLine($"This machine has no more than {log.Events.Count} events; {wanted} were asked for.");
        }

        var data = Path.Combine(scratch.FullName, "data");
        await using (var node = await NodeProcess.StartAsync(data))
        {
            await AskAsync(node, log);
            await node.StopAsync();
        }

        await using (var node = await NodeProcess.StartAsync(data))
        {
            await AskAgainAsync(node, log);
        }

        scratch.Delete(recursive: true);
    }

    private async Task AskAsync(NodeProcess node, RealEventLog log)
    {
        using var http = ClientOf(node);
        await ImportAsync(http, log, "appended");
        var checks = new IngestChecks(log, new TableQuestions(log.Table), new NodeQuestions(http));

        await checks.CheckEverythingAsync();
        await checks.CheckRangesAsync(Ranges);
        await checks.CheckChannelsAsync(Channels);
        await checks.CheckTreesAsync(Trees);
        await checks.CheckBodiesAsync(Bodies);
        output.WriteLine($"{checks.Questions} questions, {checks.Compared} ids and bodies compared, all equal");
    }

    // A second import of the same events changes nothing, also after a restart.
    private async Task AskAgainAsync(NodeProcess node, RealEventLog log)
    {
        using var http = ClientOf(node);
        await ImportAsync(http, log, "replayed");
        await new IngestChecks(log, new TableQuestions(log.Table), new NodeQuestions(http)).CheckEverythingAsync();
    }

    private static HttpClient ClientOf(NodeProcess node) => new() { BaseAddress = node.Http, Timeout = TimeSpan.FromMinutes(5) };

    private async Task ImportAsync(HttpClient http, RealEventLog log, string outcome)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(log.Events.Count, await new Importer(http).ImportAsync(log.Events, outcome));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"import: {log.Events.Count} {outcome} in {watch.Elapsed.TotalSeconds:N2} s, {log.Events.Count / watch.Elapsed.TotalSeconds:N0} a second"));
    }
}
