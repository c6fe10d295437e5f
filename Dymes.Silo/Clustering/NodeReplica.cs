using Dymes.Grains.Abstractions;
using Dymes.Grains.Replicas;
using Dymes.Programs.Replicas;
using Dymes.Replication;
using Dymes.Vsr;

namespace Dymes.Silo.Clustering;

/// <summary>Joins this node's member with its silo, and lets another one lead before the node stops, so that nobody has to miss it first.</summary>
internal sealed class NodeReplica(ReplicatedLog replica, SiloTransport transport, ReplicaRegistry registry, ReplicaGroup group, IServiceProvider services) : IHostedLifecycleService
{
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        registry.Add(DatasetKeys.DefaultDataset, replica);
        transport.Connect(services, name => ReplicaGroup.OfMark(group.ClusterId, name)?.Number ?? -1);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        replica.HandOver();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(HandOverPatience);
        using var timer = new PeriodicTimer(LookAgain);
        try
        {
            while (replica.Report is { IsPrimary: true } or { Status: ReplicaStatus.ViewChange } && await timer.WaitForNextTickAsync(patience.Token))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // alone, or in a hurry: the others will miss it
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
