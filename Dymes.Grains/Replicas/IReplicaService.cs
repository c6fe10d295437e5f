using Dymes.Message.Log;
using Orleans.Concurrency;
using Orleans.Services;

namespace Dymes.Grains.Replicas;

/// <summary>The member of a group that a silo hosts, as the other members' silos reach it: addressed by silo, one in each.</summary>
[Alias("dymes.replica")]
internal interface IReplicaService : IGrainService
{
    /// <summary>Takes mail; the answer says that it has arrived, not what came of it.</summary>
    [Alias("deliver"), ResponseTimeout("00:00:02")]
    Task DeliverAsync(MailBag bag);

    /// <summary>Takes mail, and does not answer.</summary>
    [Alias("post"), OneWay]
    Task PostAsync(MailBag bag);

    /// <summary>Where the member stands; null where this silo has none of that dataset.</summary>
    [Alias("tell"), ResponseTimeout("00:00:01")]
    Task<ReplicaProgress?> TellAsync(string dataset);
}

/// <summary>A packet of mail from one member to another. Passed on without a copy.</summary>
/// <param name="Dataset">Whose group it is.</param>
/// <param name="Packet">As <see cref="Dymes.Replication.Mail.MailPacket"/> writes it.</param>
[GenerateSerializer, Immutable, Alias("dymes.mail-bag")]
internal sealed record MailBag([property: Id(0)] string Dataset, [property: Id(1)] ReadOnlyMemory<byte> Packet);
