using System.Globalization;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers.Nats;

/// <summary>Servers of NATS, as many as a stream has replicas.</summary>
internal static class NatsServers
{
    /// <summary>Makes the servers and their configuration.</summary>
    public static PeerNodes Create(string program, string folder, int[] ports, bool isFlushed)
    {
        var routes = FreePorts.Next(ports.Length);
        return PeerNodes.Create(folder, ports.Length, (number, directory) =>
        {
            var file = Path.Combine(folder, $"n{number}.conf");
            var cluster = ports.Length == 1
                ? ""
                : $$"""
                  cluster { name: bench, listen: "127.0.0.1:{{Text(routes[number])}}", routes: [{{string.Join(", ", routes.Select(route => $"\"nats://127.0.0.1:{Text(route)}\""))}}] }
                  """;
            File.WriteAllText(file, $$"""
                server_name: {{NameOf(number)}}
                listen: "127.0.0.1:{{Text(ports[number])}}"
                jetstream { store_dir: "{{directory}}", max_file_store: 100GB{{(isFlushed ? ", sync_interval: always" : "")}} }
                {{cluster}}
                """);
            return [program, "--config", file];
        });
    }

    public static string NameOf(int number) => $"n{Text(number)}";

    public static string AddressOf(int port) => $"nats://127.0.0.1:{Text(port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
