using Dymes.Common;

namespace Dymes.Grains.Hosting;

/// <summary>The datasets of this silo, found by the key of a grain.</summary>
internal sealed class DatasetRegistry(IEnumerable<HostedDataset> datasets)
{
    private readonly Dictionary<string, HostedDataset> _datasets = datasets.ToDictionary(dataset => dataset.Name, StringComparer.Ordinal);

    public HostedDataset OfKey(string key)
    {
        var name = Abstractions.DatasetKeys.DatasetOf(key);
        return _datasets.TryGetValue(name, out var dataset)
            ? dataset
            : throw new DymesException(ErrorCode.NotFound, $"There is no dataset '{name}' here; there is {string.Join(", ", _datasets.Keys)}.");
    }
}
