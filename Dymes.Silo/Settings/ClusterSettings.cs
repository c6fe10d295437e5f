using Dymes.Membership;
using Dymes.Programs.Configuration;
using Dymes.Programs.Replicas;

namespace Dymes.Silo.Settings;

/// <summary>How silos and gateways find and reach each other.</summary>
public sealed class ClusterSettings
{
    /// <summary>The cluster's id; a data directory belongs to one for ever.</summary>
    [Setting("one cluster needs no name; several that share a table or a machine do")]
    public string Id { get; set; } = ReplicaGroup.DefaultClusterId;

    /// <summary>Where silos find each other.</summary>
    [Setting("by the list of replicas where there is one; one silo needs no other")]
    public MembershipKind Membership { get; set; } = MembershipKind.Auto;

    /// <summary>With membership file: the file that all silos and gateways of this machine share.</summary>
    [Setting("beside whoever starts the silos; name one path for all of them")]
    public string MembershipFile { get; set; } = "./dymes-members.json";

    /// <summary>With membership redis or postgres: how to connect.</summary>
    [Setting("nobody has one by default", MayBeEmpty = true, IsSecret = true)]
    public string Connection { get; set; } = "";

    /// <summary>The name of this silo among the replicas.</summary>
    [Setting("a silo that is alone needs none", MayBeEmpty = true)]
    public string Name { get; set; } = "";

    /// <summary>All replicas, the same list on each: NAME=HOST:SILOPORT/GATEWAYPORT/HTTPADDRESS. The place in the list is the replica's number.</summary>
    [Setting("a silo that is alone needs none; a cluster has 1, 3, 5 or 7")]
    public string[] Replicas { get; set; } = [];

    /// <summary>Which list of replicas this is; a changed list has a greater one.</summary>
    [Setting("the first list", Min = "1", Max = "999999999")]
    public int Epoch { get; set; } = 1;

    /// <summary>The port to listen on for other silos.</summary>
    [Setting("0: the port of this silo's entry in cluster.replicas, else Orleans' usual one, 11111", Min = "0", Max = "65535")]
    public int SiloPort { get; set; }

    /// <summary>The port to listen on for gateways.</summary>
    [Setting("0: the port of this silo's entry in cluster.replicas, else Orleans' usual one, 30000", Min = "0", Max = "65535")]
    public int GatewayPort { get; set; }
}
