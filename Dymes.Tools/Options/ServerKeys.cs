namespace Dymes.Tools.Options;

/// <summary>The settings of servers that the tool has no use for. It passes over them, so that it can be given a server's own file; what is in no program's list is refused.</summary>
internal static class ServerKeys
{
    public static readonly string[] All =
    [
        "store.dataPath", "store.segmentBytesMax", "store.segmentMessagesMax", "store.syncLevel", "store.reserveBytes", "store.scrubBytesPerSecond", "store.scrubEvery",
        "engine.queueBytesMax", "engine.queueRequestsMax", "engine.idempotencyKeysMax",
        "http.enabled", "http.connectionsMax", "http.bufferedBytesMax", "http.subscriptionsMax", "http.batchesMax", "http.stopTimeout",
        "metrics.host", "metrics.port",
        "cluster.id", "cluster.membership", "cluster.membershipFile", "cluster.connection", "cluster.name", "cluster.replicas", "cluster.epoch",
        "cluster.siloPort", "cluster.gatewayPort", "cluster.retryInterval",
        "cursors.idleTime", "cursors.openMax",
    ];
}
