using Dymes.Grains.Hosting;

namespace Dymes.Grains;

/// <summary>What all grains of Dymes have: a key that begins with a dataset of this silo.</summary>
public abstract class DymesGrain : Grain
{
    private protected DymesGrain(DatasetRegistry datasets, IGrainContext context)
    {
        Key = context.GrainId.Key.ToString()!;
        Dataset = datasets.OfKey(Key);
    }

    /// <summary>The grain's key.</summary>
    protected string Key { get; }

    /// <summary>The dataset that it is of.</summary>
    protected HostedDataset Dataset { get; }
}
