using System.Diagnostics.Metrics;
using Dymes.Message.Log;
using Dymes.Replication;
using Dymes.Replication.Mail;
using Dymes.Vsr;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Services;

namespace Dymes.Grains.Replicas;

/// <summary>
/// The way from a member to the others: Orleans calls to the services of their silos, several under way to each. A member is made before its silo; until <see cref="Connect"/> everything
/// is lost, as on a network that is down.
/// </summary>
public sealed class SiloTransport : IReplicaTransport
{
    private readonly string _dataset;
    private readonly Outbox[] _boxes;
    private volatile Connection? _connection;

    /// <summary>Makes the way for a member of a group.</summary>
    /// <param name="dataset">Whose group it is.</param>
    /// <param name="replicas">How many members the group has.</param>
    public SiloTransport(string dataset, int replicas)
    {
        _dataset = dataset;
        _boxes = [.. Enumerable.Range(0, replicas).Select(to => new Outbox((packet, isAwaited) => SendAsync(to, packet, isAwaited)))];
    }

    /// <summary>Opens the way. Before the silo has started, calls fail and what they carry is lost.</summary>
    /// <param name="silo">The services of the silo.</param>
    /// <param name="numberOf">The number of the member that the silo of a name hosts, or -1.</param>
    public void Connect(IServiceProvider silo, Func<string, int> numberOf)
    {
        silo.GetRequiredService<IMeterFactory>().Create("Dymes.Grains").CreateObservableCounter("replica_mail_lost", MeasureLost, description: "Mail that was lost on its way to another member.");
        _connection = new Connection(new ServiceClient(silo), new ReplicaAddresses(silo.GetRequiredService<ISiloStatusOracle>(), numberOf, _boxes.Length));
    }

    /// <inheritdoc/>
    public void Send(ReplicaNumber to, VsrMessage message) => _boxes[to.Value].Add(message);

    /// <inheritdoc/>
    public void Send(ReplicaNumber to, ClientRequest request) => _boxes[to.Value].Add(request);

    /// <inheritdoc/>
    public void Send(ReplicaNumber to, ClientReply reply) => _boxes[to.Value].Add(reply);

    /// <inheritdoc/>
    public void Flush()
    {
        foreach (var box in _boxes)
        {
            box.Flush();
        }
    }

    /// <summary>Where another member stands, by its own word; null where it does not answer within a second.</summary>
    internal async Task<ReplicaProgress?> AskAsync(int number)
    {
        if (_connection is not { } connection || connection.Addresses.Find(number) is not { } silo)
        {
            return null;
        }

        try
        {
            return await connection.Client.TellAsync(silo, _dataset).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return null; // whoever looks sees when it was last heard
        }
    }

    private IEnumerable<Measurement<long>> MeasureLost() => _boxes.Select((box, to) => new Measurement<long>(box.Lost, new KeyValuePair<string, object?>("to", to)));

    private async Task<bool> SendAsync(int to, ReadOnlyMemory<byte> packet, bool isAwaited)
    {
        if (_connection is not { } connection || connection.Addresses.Find(to) is not { } silo)
        {
            return false;
        }

        try
        {
            var bag = new MailBag(_dataset, packet);
            await (isAwaited ? connection.Client.DeliverAsync(silo, bag) : connection.Client.PostAsync(silo, bag)).ConfigureAwait(false);
            return true;
        }
        catch (Exception)
        {
            return false; // gone, stopping, or too slow: what matters is sent again by who misses an answer
        }
    }

    private sealed record Connection(ServiceClient Client, ReplicaAddresses Addresses);

    private sealed class ServiceClient(IServiceProvider silo) : GrainServiceClient<IReplicaService>(silo)
    {
        public Task DeliverAsync(SiloAddress to, MailBag bag) => GetGrainService(to).DeliverAsync(bag);

        public Task PostAsync(SiloAddress to, MailBag bag) => GetGrainService(to).PostAsync(bag);

        public Task<ReplicaProgress?> TellAsync(SiloAddress to, string dataset) => GetGrainService(to).TellAsync(dataset);
    }
}
