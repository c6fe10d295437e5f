using Dymes.Engine;
using Dymes.Grains.Hosting;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.Testing.Simulation;

namespace Dymes.Grains.Tests.Cluster;

/// <summary>An engine for one test, with few messages a segment so that answers cross their boundaries.</summary>
internal static class EngineDataset
{
    public static (HostedDataset Dataset, DymesEngine Engine) Open(TimeProvider clock, string? name = null, IFileSystem? files = null)
    {
        var store = new StoreOptions { Directory = "/data/default", SegmentMessagesMax = 50, SegmentBytesMax = 4 << 20, ReserveBytes = 0 };
        var engine = DymesEngine.Open(new EngineOptions { Store = store }, files ?? new SimulatedFileSystem(), clock);
        return (new HostedDataset(name ?? GrainCluster.NewDataset(), engine, engine.Index), engine);
    }
}
