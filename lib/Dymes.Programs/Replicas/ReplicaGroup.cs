using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dymes.Common;

namespace Dymes.Programs.Replicas;

/// <summary>Who a silo takes itself and its group for. Two silos whose groups differ must not vote together, so each shows its <see cref="Mark"/> to the others.</summary>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="Epoch">Which list of replicas this is: a new list has a greater epoch.</param>
/// <param name="Name">The name of this replica.</param>
/// <param name="Names">The names of all replicas in order, with commas between.</param>
public sealed partial record ReplicaGroup(string ClusterId, int Epoch, string Name, string Names)
{
    /// <summary>The id of a cluster that was given none, and of all files that were written before clusters had names: its number is 0.</summary>
    public const string DefaultClusterId = "dymes";

    /// <summary>This replica's number.</summary>
    public int Number => Array.IndexOf(Names.Split(','), Name);

    /// <summary>How many replicas the group has.</summary>
    public int Count => Names.Split(',').Length;

    /// <summary>The cluster's id as files and messages between replicas have it.</summary>
    public UInt128 ClusterNumber => ClusterId == DefaultClusterId ? UInt128.Zero : Checksum.Of(Encoding.UTF8.GetBytes(ClusterId));

    /// <summary>Name, epoch and list in one text, such as <c>b@1:a,b,c</c>: what a silo is called among silos, so that every membership table carries it.</summary>
    public string Mark => string.Create(CultureInfo.InvariantCulture, $"{Name}@{Epoch}:{Names}");

    [GeneratedRegex(@"^(?<name>[a-z0-9-]+)@(?<epoch>\d{1,9}):(?<names>[a-z0-9,-]+)$")]
    private static partial Regex MarkPattern { get; }

    /// <summary>The group that a silo of this cluster shows by its mark; null where that is none of Dymes'.</summary>
    public static ReplicaGroup? OfMark(string clusterId, string? mark) => MarkPattern.Match(mark ?? "") is { Success: true, Groups: var groups }
        ? new ReplicaGroup(clusterId, int.Parse(groups["epoch"].Value, CultureInfo.InvariantCulture), groups["name"].Value, groups["names"].Value)
        : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"cluster '{ClusterId}', epoch {Epoch}, replica {Number} ('{Name}') of {Count} ({Names})");
}
