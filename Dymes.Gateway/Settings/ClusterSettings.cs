using Dymes.Membership;
using Dymes.Programs.Configuration;
using Dymes.Programs.Replicas;

namespace Dymes.Gateway.Settings;

/// <summary>Where the storage nodes are.</summary>
public sealed class ClusterSettings
{
    /// <summary>The cluster's id, as the silos have it.</summary>
    [Setting("the default of silos")]
    public string Id { get; set; } = ReplicaGroup.DefaultClusterId;

    /// <summary>Where silos are found: the same as theirs.</summary>
    [Setting("by the list of replicas where there is one, else one silo on this machine")]
    public MembershipKind Membership { get; set; } = MembershipKind.Auto;

    /// <summary>All replicas, the list of the silos.</summary>
    [Setting("one silo on this machine needs none")]
    public string[] Replicas { get; set; } = [];

    /// <summary>With membership file: the file of the silos.</summary>
    [Setting("the default of silos")]
    public string MembershipFile { get; set; } = "./dymes-members.json";

    /// <summary>With membership redis or postgres: how to connect.</summary>
    [Setting("nobody has one by default", MayBeEmpty = true, IsSecret = true)]
    public string Connection { get; set; } = "";

    /// <summary>Without a list of replicas: the port of the storage node for gateways, on 127.0.0.1.</summary>
    [Setting("a silo's default", Min = "1", Max = "65535")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>How long to wait between attempts to connect.</summary>
    [Setting("a silo starts in about two seconds", Min = "100ms", Max = "1m")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);
}
