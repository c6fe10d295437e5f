using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dymes.Cluster.Tests.Node;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>Who looks at a cluster while its silos leave and join sees it.</summary>
[Collection(SharedCluster.Collection)]
public sealed class WatchingTests(SharedCluster shared) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Deadline.OfCall };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Dashboard_and_status_tell_of_silos_that_leave_and_join()
    {
        var cluster = await shared.WholeAsync();
        foreach (var (gone, number) in cluster.Nodes.Select((node, number) => (node, number)))
        {
            var asked = cluster.Nodes[(number + 1) % cluster.Nodes.Count];
            await (number % 2 == 0 ? gone.StopAsync() : gone.KillAsync());
            await UntilShownAsync(asked, cluster.Nodes.Where(node => node != gone));
            await cluster.UntilAgreedAsync(gone.Name, SiloState.Dead, asked.Name);

            await gone.StartAsync();
            await UntilShownAsync(asked, cluster.Nodes);
            await cluster.UntilAgreedAsync(gone.Name, SiloState.Alive, asked.Name);
        }
    }

    // The status is told whatever happens; the dashboard is one grain somewhere, and asks in vain while that one is lost.
    private async Task UntilShownAsync(SiloNode asked, IEnumerable<SiloNode> active)
    {
        string[] names = [.. active.Select(node => node.Name)];
        string[] shown = [];
        using var deadline = new CancellationTokenSource(Deadline.OfWait);
        using var breath = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!shown.SequenceEqual(names))
        {
            Assert.False(deadline.IsCancellationRequested, $"The dashboard of {asked.Name} shows {string.Join(',', shown)}, and {string.Join(',', names)} are there.");
            await breath.WaitForNextTickAsync(CancellationToken.None);
            using var status = await _http.GetAsync(new Uri(asked.Http, "observe/cluster"), CancellationToken.None);
            Assert.True(status.IsSuccessStatusCode, $"The status was answered {status.StatusCode}.");
            using var dashboard = await _http.GetAsync(new Uri(asked.Process.Ops, "dashboard/DashboardCounters"), CancellationToken.None);
            shown = dashboard.IsSuccessStatusCode ? Active((await dashboard.Content.ReadFromJsonAsync<JsonNode>(CancellationToken.None))!) : [];
        }
    }

    private static string[] Active(JsonNode counters) =>
        [.. counters["hosts"]!.AsArray().Where(host => (string?)host!["status"] == "Active").Select(host => ((string)host!["siloName"]!)[..1]).Order(StringComparer.Ordinal)];
}
