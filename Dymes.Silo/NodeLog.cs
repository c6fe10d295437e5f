using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Hosting;
using Dymes.Grains.Replicas;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.Programs.Replicas;
using Dymes.Replication;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;
using Dymes.Vsr;

namespace Dymes.Silo;

/// <summary>The log of this node: an engine of its own where the node is alone, a member of the group where there are others.</summary>
internal sealed class NodeLog : IAsyncDisposable
{
    private readonly IAsyncDisposable _owned;

    private NodeLog(DymesEngine engine)
    {
        _owned = engine;
        (Log, Index) = (engine, engine.Index);
    }

    private NodeLog(ReplicatedLog replica, SiloTransport transport)
    {
        _owned = replica;
        (Log, Index, Replica, Transport) = (replica, replica.Index, replica, transport);
    }

    public IMessageLog Log { get; }

    public ILogIndex Index { get; }

    /// <summary>The member; null where the node is alone.</summary>
    public ReplicatedLog? Replica { get; }

    /// <summary>The member's way to the others; null where the node is alone.</summary>
    public SiloTransport? Transport { get; }

    public HostedDataset Dataset => new(DatasetKeys.DefaultDataset, Log, Index);

    /// <summary>Tells how far this node and the others are.</summary>
    public IReplicaProgress ProgressIn(ReplicaGroup group) =>
        this is { Replica: { } replica, Transport: { } transport } ? new MembersProgress(replica, transport, group.Number, group.Count) : new LoneNode(Log, group.Number);

    public static NodeLog Open(SiloSettings settings, NodeSeat seat, ILoggerFactory logging)
    {
        var engine = EngineOptionsOf(settings, seat.Group);
        if (seat.Group.Count == 1)
        {
            return new NodeLog(DymesEngine.Open(engine, OsFileSystem.Instance, TimeProvider.System, logging.CreateLogger("Dymes.Engine")));
        }

        var identity = new ReplicaIdentity(seat.Group.ClusterNumber, (uint)seat.Group.Epoch, new ReplicaNumber((byte)seat.Group.Number), seat.Group.Count);
        var transport = new SiloTransport(DatasetKeys.DefaultDataset, seat.Group.Count);
        var options = new ReplicaOptions { Identity = identity, Engine = engine };
        return new NodeLog(ReplicatedLog.Open(options, transport, OsFileSystem.Instance, TimeProvider.System, logging.CreateLogger("Dymes.Replica")), transport);
    }

    public ValueTask DisposeAsync() => _owned.DisposeAsync();

    private static EngineOptions EngineOptionsOf(SiloSettings settings, ReplicaGroup group) => new()
    {
        Store = new StoreOptions
        {
            Directory = Path.Combine(settings.Store.DataPath, DatasetKeys.DefaultDataset),
            Dataset = DatasetKeys.DefaultDataset,
            ClusterId = group.ClusterNumber,
            SegmentBytesMax = settings.Store.SegmentBytesMax,
            SegmentMessagesMax = settings.Store.SegmentMessagesMax,
            SyncLevel = settings.Store.SyncLevel,
            ReserveBytes = settings.Store.ReserveBytes,
            ScrubBytesPerSecond = settings.Store.ScrubBytesPerSecond,
            ScrubEvery = settings.Store.ScrubEvery,
        },
        QueueBytesMax = settings.Engine.QueueBytesMax,
        QueueRequestsMax = settings.Engine.QueueRequestsMax,
        IdempotencyKeysMax = settings.Engine.IdempotencyKeysMax,
    };
}
