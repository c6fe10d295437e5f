using Dymes.Message.Log;
using Dymes.Replication.Mail;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Dymes.Grains.Replicas;

/// <summary>Takes the mail of other members for the ones that live in this silo. It only hands over: a member has a thread of its own.</summary>
[Reentrant]
internal sealed class ReplicaService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory logging, ReplicaRegistry replicas) : GrainService(id, silo, logging), IReplicaService
{
    public Task DeliverAsync(MailBag bag)
    {
        if (replicas.Find(bag.Dataset) is { } replica && !MailPacket.Deliver(bag.Packet, replica))
        {
            replicas.CountUnreadable();
        }

        return Task.CompletedTask;
    }

    public Task PostAsync(MailBag bag) => DeliverAsync(bag);

    public Task<ReplicaProgress?> TellAsync(string dataset) => Task.FromResult(replicas.Find(dataset)?.Progress);
}
