using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.Grains.Abstractions;

namespace Dymes.Grains.Hosting;

/// <summary>The datasets of this silo, found by the key of a grain. Safe for concurrent use.</summary>
public sealed class DatasetRegistry
{
    private readonly ConcurrentDictionary<string, HostedDataset> _datasets = new(StringComparer.Ordinal);

    /// <summary>Begins with these datasets.</summary>
    public DatasetRegistry(IEnumerable<HostedDataset> datasets)
    {
        foreach (var dataset in datasets)
        {
            Add(dataset);
        }
    }

    /// <summary>The datasets that are here now.</summary>
    public IEnumerable<HostedDataset> All => _datasets.Values;

    /// <summary>Adds a dataset: from now on its grains can be called.</summary>
    public void Add(HostedDataset dataset) =>
        InvariantViolation.Assert(_datasets.TryAdd(dataset.Name, dataset), $"dataset '{dataset.Name}' is added once");

    internal HostedDataset OfKey(string key)
    {
        var name = DatasetKeys.DatasetOf(key);
        return _datasets.TryGetValue(name, out var dataset)
            ? dataset
            : throw new DymesException(ErrorCode.NotFound, $"There is no dataset '{name}' here; there is {string.Join(", ", _datasets.Keys)}.");
    }
}
