namespace Dymes.Cluster.Tests.Faults;

/// <summary>Three silos for the tests of one class, which keep the membership table themselves. Each test asks for them whole, and may leave them broken.</summary>
public sealed class QuorumCluster : IAsyncDisposable
{
    private SiloCluster? _cluster;

    /// <summary>The cluster, with all its silos alive and all its wires whole.</summary>
    public async Task<SiloCluster> WholeAsync()
    {
        _cluster ??= await SiloCluster.StartAsync(3, hasWires: true, members: []);
        await _cluster.StartAllAsync();
        return _cluster;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
