using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>A silo that is not who it should be does not come up: it ends with one line that has both values.</summary>
[Collection(SharedCluster.Collection)]
public sealed class IdentityTests(SharedCluster shared) : IDisposable
{
    private const int ForeignFile = 16;
    private const int ConfigurationInvalid = 18;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dymes-identity-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_silo_of_another_epoch_than_the_others_is_refused()
    {
        var cluster = await shared.WholeAsync();
        await cluster["c"].StopAsync();
        await AssertRefusedAsync(cluster, ConfigurationInvalid, ["epoch 1", "epoch 2"], $"--cluster.replicas={cluster.Replicas}", "--cluster.name=c", "--cluster.epoch=2");
    }

    [Fact]
    public async Task A_silo_with_the_replicas_in_another_order_is_refused()
    {
        var cluster = await shared.WholeAsync();
        await cluster["c"].StopAsync();
        var reversed = string.Join(',', cluster.Replicas.Split(',').Reverse());
        await AssertRefusedAsync(cluster, ConfigurationInvalid, ["(a,b,c)", "(c,b,a)"], $"--cluster.replicas={reversed}", "--cluster.name=c");
    }

    [Fact]
    public async Task A_second_silo_of_the_same_name_is_refused()
    {
        var cluster = await shared.WholeAsync();
        var elsewhere = NodePorts.Free();
        var moved = string.Join(',', cluster.Replicas.Split(',').Select(replica => replica.StartsWith("c=", StringComparison.Ordinal) ? $"c=127.0.0.1:{elsewhere.Silo}/{elsewhere.Gateway}" : replica));
        await AssertRefusedAsync(cluster, ConfigurationInvalid, ["A silo named 'c'", $"127.0.0.1:{elsewhere.Silo}"], $"--cluster.replicas={moved}", "--cluster.name=c");
    }

    [Fact]
    public async Task A_silo_on_the_data_of_another_is_refused()
    {
        var cluster = await shared.WholeAsync();
        await cluster["c"].StopAsync();
        await cluster["b"].StopAsync();
        Directory.Delete(_data.FullName);
        Directory.Move(cluster["b"].DataPath, _data.FullName);
        await AssertRefusedAsync(cluster, ForeignFile, ["('b')", "('c')"], $"--cluster.replicas={cluster.Replicas}", "--cluster.name=c");
    }

    [Fact]
    public async Task A_silo_of_another_cluster_is_refused_at_the_file_of_this_one()
    {
        var cluster = await shared.WholeAsync();
        await cluster["c"].StopAsync();
        await AssertRefusedAsync(cluster, ForeignFile, ["'dymes'", "'elsewhere'"], $"--cluster.replicas={cluster.Replicas}", "--cluster.name=c", "--cluster.id=elsewhere");
    }

    private async Task AssertRefusedAsync(SiloCluster cluster, int exitCode, string[] values, params string[] options)
    {
        await using var silo = NodeProcess.Launch(_data.FullName, NodePorts.Free(), [.. cluster.MemberOptions, .. options]);
        Assert.Equal(exitCode, await silo.WaitForExitAsync());
        var line = silo.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith("dymes-silo: ", line, StringComparison.Ordinal);
        Assert.All(values, value => Assert.Contains(value, line, StringComparison.Ordinal));
    }
}
