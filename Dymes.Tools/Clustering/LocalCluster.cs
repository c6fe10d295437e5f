using System.Globalization;
using Dymes.Common;
using Dymes.Programs.Configuration;
using Dymes.Programs.Replicas;

namespace Dymes.Tools.Clustering;

/// <summary>A cluster of this machine below one folder: for each replica a folder with its <c>dymes.yaml</c>, its data and its log, and the file in which the silos find each other.</summary>
internal sealed class LocalCluster
{
    private const string Host = "127.0.0.1";
    private const int OpsOffset = 100;
    private const int SiloOffset = 200;
    private const int GatewayOffset = 300;

    private LocalCluster(string folder, ReplicaList replicas) => (Folder, Replicas) = (folder, replicas);

    public string Folder { get; }

    public ReplicaList Replicas { get; }

    /// <summary>Where gateways find the silos.</summary>
    public string MembershipFile => Path.Combine(Folder, "members.json");

    /// <summary>The greatest port that a cluster may begin at.</summary>
    public static int PortMax => 65_535 - GatewayOffset - ReplicaList.CountMax;

    /// <summary>The cluster below a folder, as its files say; a new one where there is none.</summary>
    /// <exception cref="DymesException">There is one with another number of replicas, or the files are damaged.</exception>
    public static LocalCluster Open(string folder, int count, int port)
    {
        var full = Path.GetFullPath(folder);
        var first = Path.Combine(full, "a", "dymes.yaml");
        if (!File.Exists(first))
        {
            return Create(full, count, port);
        }

        var replicas = ReplicaList.Parse(SettingsSource.OfYaml(first).Values.GetValueOrDefault("cluster.replicas", "").Split('\n', ',', StringSplitOptions.RemoveEmptyEntries));
        return replicas.Seats.Count == count ? new LocalCluster(full, replicas) : throw new DymesException(
            ErrorCode.InvalidArgument, $"The cluster in {full} has {replicas.Seats.Count} replicas; --replicas is {count}. Say --replicas {replicas.Seats.Count}, or take another folder.")
        { Field = "--replicas" };
    }

    public string FolderOf(ReplicaSeat seat) => Path.Combine(Folder, seat.Name);

    public string ConfigOf(ReplicaSeat seat) => Path.Combine(FolderOf(seat), "dymes.yaml");

    public string LogOf(ReplicaSeat seat) => Path.Combine(FolderOf(seat), "silo.log");

    private static LocalCluster Create(string folder, int count, int port)
    {
        var replicas = ReplicaList.Parse(Enumerable.Range(0, count).Select(number => string.Create(
            CultureInfo.InvariantCulture,
            $"{(char)('a' + number)}={Host}:{port + SiloOffset + number}/{port + GatewayOffset + number}/http://{Host}:{port + number}")));
        var cluster = new LocalCluster(folder, replicas);

        // The first one's file is what tells that there is a cluster: it is written when all others are.
        foreach (var number in Enumerable.Range(0, count).Reverse())
        {
            var seat = replicas.Seats[number];
            Directory.CreateDirectory(cluster.FolderOf(seat));
            File.WriteAllText(cluster.ConfigOf(seat), cluster.Configure(seat, port + OpsOffset + number));
        }

        return cluster;
    }

    private string Configure(ReplicaSeat seat, int opsPort) => string.Create(CultureInfo.InvariantCulture, $"""
        store:
          dataPath: "{Path.Combine(FolderOf(seat), "data")}"
        http:
          port: {seat.Http!.Port}
        metrics:
          port: {opsPort}
        cluster:
          membership: file
          membershipFile: "{MembershipFile}"
          name: {seat.Name}
          replicas:
            - {string.Join("\n    - ", Replicas.Seats)}

        """);
}
