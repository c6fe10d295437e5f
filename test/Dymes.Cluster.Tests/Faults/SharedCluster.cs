namespace Dymes.Cluster.Tests.Faults;

/// <summary>
/// Three silos for all tests of the collection, which run one after the other: starting silos takes longer than most faults, and many at once take longer still. Each test asks for them
/// whole, and may leave them broken.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class SharedCluster : IAsyncDisposable, ICollectionFixture<SharedCluster>
{
    /// <summary>The collection's name.</summary>
    public const string Collection = "silos";

    private SiloCluster? _cluster;

    /// <summary>The cluster, with all its silos alive and all its wires whole.</summary>
    public async Task<SiloCluster> WholeAsync()
    {
        _cluster ??= await SiloCluster.StartAsync(3, hasWires: true);
        await _cluster.StartAllAsync();
        return _cluster;
    }

    /// <summary>The cluster with an empty log, for tests that compare all of it.</summary>
    public async Task<SiloCluster> BlankAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.KillAllAsync();
            foreach (var node in _cluster.Nodes)
            {
                node.Wipe();
            }
        }

        var cluster = await WholeAsync();
        await cluster.UntilWholeAsync();
        return cluster;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
