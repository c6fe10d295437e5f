using System.Globalization;
using Dymes.Client;
using Dymes.Cluster.Tests.Node;
using Dymes.MessageStore.Files;
using Dymes.Testing;

namespace Dymes.Cluster.Tests.Faults;

/// <summary><c>dymes cluster up</c> as a user meets it: a command that runs, and silos that run no longer than it does.</summary>
[Collection(SharedCluster.Collection)]
public sealed class ClusterUpTests : IDisposable
{
    private const string ReadyLine = "Stop with Ctrl-C.";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dymes-up-");

    // Below the ports of all other tests, since a cluster takes a dozen at fixed distances.
    private readonly int _port = 5_000 + (Environment.ProcessId % 500 * 8);


    private Uri First => new($"http://127.0.0.1:{_port}");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_cluster_stops_with_its_command_and_goes_on_with_its_data()
    {
        await using (var tool = await UpAsync())
        {
            using var client = new DymesClient(new DymesClientOptions { Addresses = [First] });
            await client.AppendAsync(MessageDraft.Request([new MessageDraft("kept")]));
            Assert.Equal(0, await tool.StopAsync());
            Assert.Equal("", tool.Errors);
            await UntilGoneAsync();
        }

        await using (var tool = await UpAsync())
        {
            using var client = new DymesClient(new DymesClientOptions { Addresses = [First] });
            Assert.Equal(["kept"], (await client.ReadAllAsync()).Select(LogReading.BodyOf));
            await tool.KillAsync();
            await UntilGoneAsync();
        }
    }

    private Task<NodeProcess> UpAsync() => NodeProcess.StartToolAsync(
        ReadyLine, "cluster", "up", "--replicas", "3", "--data", _folder.FullName, "--port", _port.ToString(CultureInfo.InvariantCulture));

    // A silo holds its data directory as long as it lives, so what can be claimed was let go.
    private async Task UntilGoneAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = new CancellationTokenSource(Deadline.OfWait);
        foreach (var data in Directory.GetDirectories(_folder.FullName, "data", SearchOption.AllDirectories))
        {
            while (!IsLetGo(data))
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
    }

    private static bool IsLetGo(string data)
    {
        using var held = OsFileSystem.Instance.TryLock(Path.Combine(data, "default", "dymes.lock"));
        return held is not null;
    }
}
