using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;

namespace Dymes.Silo;

/// <summary>Opens the engine of this node. The replica that the cluster puts before it takes its place as the node's log.</summary>
internal static class NodeEngine
{
    public static DymesEngine Open(SiloSettings settings, NodeSeat seat, ILoggerFactory logging) => DymesEngine.Open(
        new EngineOptions
        {
            Store = new StoreOptions
            {
                Directory = Path.Combine(settings.Store.DataPath, DatasetKeys.DefaultDataset),
                Dataset = DatasetKeys.DefaultDataset,
                ClusterId = seat.Group.ClusterNumber,
                SegmentBytesMax = settings.Store.SegmentBytesMax,
                SegmentMessagesMax = settings.Store.SegmentMessagesMax,
                SyncLevel = settings.Store.SyncLevel,
                ReserveBytes = settings.Store.ReserveBytes,
            },
            QueueBytesMax = settings.Engine.QueueBytesMax,
            QueueRequestsMax = settings.Engine.QueueRequestsMax,
            IdempotencyKeysMax = settings.Engine.IdempotencyKeysMax,
        },
        OsFileSystem.Instance,
        TimeProvider.System,
        logging.CreateLogger("Dymes.Engine"));
}
