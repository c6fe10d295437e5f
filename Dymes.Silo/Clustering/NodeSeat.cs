using System.Net;
using System.Net.Sockets;
using Dymes.Common;
using Dymes.Membership;
using Dymes.Programs.Replicas;
using Dymes.Silo.Settings;

namespace Dymes.Silo.Clustering;

/// <summary>This node's place in its group, and the addresses that belong to it.</summary>
/// <param name="Group">Who this node is, among whom.</param>
/// <param name="Replicas">All replicas; null where the node is alone and was given no list.</param>
/// <param name="Advertised">Where others reach the silo.</param>
/// <param name="AdvertisedGatewayPort">The port, at the same address, where gateways do.</param>
/// <param name="SiloListener">Where it listens for silos.</param>
/// <param name="GatewayListener">Where it listens for gateways.</param>
internal sealed record NodeSeat(
    ReplicaGroup Group, ReplicaList? Replicas, IPEndPoint Advertised, int AdvertisedGatewayPort, IPEndPoint SiloListener, IPEndPoint GatewayListener)
{
    private const string LoneName = "node";
    private const int DefaultSiloPort = 11111;
    private const int DefaultGatewayPort = 30000;

    /// <summary>Finds the place that the settings give this node.</summary>
    /// <exception cref="DymesException">They give it none, or contradict each other.</exception>
    public static NodeSeat Of(ClusterSettings settings)
    {
        if (settings.Membership == MembershipKind.Localhost && settings.Replicas.Length > 1)
        {
            throw Invalid("cluster.membership", $"cluster.membership is localhost, which is one silo, but cluster.replicas names {settings.Replicas.Length}. Leave it out: the silos find each other by the list.");
        }

        return settings.Replicas.Length > 0 ? Among(ReplicaList.Parse(settings.Replicas), settings)
            : settings.Membership is MembershipKind.Auto or MembershipKind.Localhost ? Alone(settings)
            : throw Invalid("cluster.replicas", "cluster.replicas is empty, so this silo would not know whose majority counts. List all replicas, in the same order on each.");
    }

    private static NodeSeat Alone(ClusterSettings settings)
    {
        var name = settings.Name.Length == 0 ? LoneName : settings.Name;
        var silo = new IPEndPoint(IPAddress.Loopback, settings.SiloPort == 0 ? DefaultSiloPort : settings.SiloPort);
        var gateway = new IPEndPoint(IPAddress.Loopback, settings.GatewayPort == 0 ? DefaultGatewayPort : settings.GatewayPort);
        return new NodeSeat(new ReplicaGroup(settings.Id, settings.Epoch, name, name), null, silo, gateway.Port, silo, gateway);
    }

    private static NodeSeat Among(ReplicaList replicas, ClusterSettings settings)
    {
        var number = replicas.NumberOf(settings.Name);
        if (number < 0)
        {
            throw Invalid("cluster.name", $"cluster.name is '{settings.Name}'; it must be one of cluster.replicas: {replicas.Names}.");
        }

        var seat = replicas.Seats[number];
        var address = AddressOf(seat.Host);
        return new NodeSeat(
            new ReplicaGroup(settings.Id, settings.Epoch, settings.Name, replicas.Names),
            replicas,
            new IPEndPoint(address, seat.SiloPort),
            seat.GatewayPort,
            new IPEndPoint(address, settings.SiloPort == 0 ? seat.SiloPort : settings.SiloPort),
            new IPEndPoint(address, settings.GatewayPort == 0 ? seat.GatewayPort : settings.GatewayPort));
    }

    private static IPAddress AddressOf(string host)
    {
        try
        {
            var addresses = Dns.GetHostAddresses(host);
            return Array.Find(addresses, address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        }
        catch (Exception error) when (error is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"cluster.replicas: the host '{host}' of this silo has no address: {error.Message} Write an IP address, or a name that this machine knows.", error) { Field = "cluster.replicas" };
        }
    }

    private static DymesException Invalid(string field, string message) => new(ErrorCode.ConfigurationInvalid, message) { Field = field };
}
