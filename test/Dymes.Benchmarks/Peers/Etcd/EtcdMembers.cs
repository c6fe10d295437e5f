using System.Globalization;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers.Etcd;

/// <summary>Members of an etcd cluster.</summary>
internal static class EtcdMembers
{
    public static PeerNodes Create(string program, string folder, int[] ports)
    {
        var peers = FreePorts.Next(ports.Length);
        var cluster = string.Join(',', peers.Select((port, number) => $"{NameOf(number)}={AddressOf(port)}"));
        return PeerNodes.Create(folder, ports.Length, (number, directory) =>
        [
            program,
            "--name", NameOf(number),
            "--data-dir", Path.Combine(directory, "data"),
            "--listen-client-urls", AddressOf(ports[number]),
            "--advertise-client-urls", AddressOf(ports[number]),
            "--listen-peer-urls", AddressOf(peers[number]),
            "--initial-advertise-peer-urls", AddressOf(peers[number]),
            "--initial-cluster", cluster,
            "--quota-backend-bytes", (64L << 30).ToString(CultureInfo.InvariantCulture),
            "--max-txn-ops", "2048",
            "--max-request-bytes", (8 << 20).ToString(CultureInfo.InvariantCulture),
            "--log-level", "error",
        ]);
    }

    public static string AddressOf(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"n{number}");
}
