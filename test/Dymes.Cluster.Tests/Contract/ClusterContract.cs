using Dymes.Client;
using Dymes.Cluster.Tests.Faults;
using Dymes.Cluster.Tests.Node;
using Dymes.Message.Log;
using Dymes.Testing.Contract;

namespace Dymes.Cluster.Tests.Contract;

/// <summary>
/// Everything that a log promises, asked of three real silos, through a client of theirs: at a backup, at the primary, or anywhere while silos are stopped and started one after the other.
/// Each claim gets an empty cluster, which takes seconds: <c>./dev contract backup|primary|restarts</c>.
/// </summary>
[Collection(SharedCluster.Collection)]
public sealed class ClusterContract(SharedCluster shared) : MessageLogContract
{
    // The time of a real silo is not a test's to tell.
    private static readonly string[] ClaimsOfTheClock =
        [nameof(An_id_tells_the_time_of_its_append_to_the_millisecond), nameof(An_import_from_the_future_does_not_move_the_ids_that_the_log_assigns)];

    private readonly CancellationTokenSource _stopping = new();
    private Task _restarting = Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _stopping.CancelAsync();
        await _restarting;
        _stopping.Dispose();
    }

    protected override async ValueTask<IMessageLog> OpenAsync(TimeProvider clock)
    {
        var way = Environment.GetEnvironmentVariable("DYMES_CONTRACT");
        Assert.SkipWhen(string.IsNullOrEmpty(way), "Each claim takes seconds: ./dev contract");
        Assert.SkipWhen(ClaimsOfTheClock.Contains(TestContext.Current.TestMethod?.MethodName), "The time of a real silo is not a test's to tell.");
        var cluster = await shared.BlankAsync();
        var primary = await cluster.PrimaryAsync();
        SiloNode[] doors = way switch
        {
            "primary" => [primary],
            "restarts" => [.. cluster.Nodes],
            _ => [cluster.Nodes.First(node => node != primary)],
        };
        if (way == "restarts")
        {
            _restarting = Task.Run(() => RestartAsync(cluster, _stopping.Token));
        }

        return new DymesClient(new DymesClientOptions { Addresses = [.. doors.Select(door => door.Http)], RetryDuration = Deadline.OfWait });
    }

    // One is down at a time. Who stops answers what it has taken, so that nobody is left without an answer.
    private static async Task RestartAsync(SiloCluster cluster, CancellationToken stopping)
    {
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            var node = cluster.Nodes[number % cluster.Nodes.Count];
            await node.StopAsync();
            await node.StartAsync();
            await cluster.UntilWholeAsync();
        }
    }
}
