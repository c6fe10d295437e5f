using System.Text.Json;
using System.Text.Json.Serialization;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.Programs.Replicas;

namespace Dymes.Silo.Clustering;

/// <summary>
/// Whose data a directory holds, as a small file in it says. A replica that voted under one number must not come back under another in the same list: it would promise twice what it promised once.
/// A new list of the same cluster has a greater epoch, and takes over the data that it is given.
/// </summary>
internal sealed record NodeIdentity
{
    /// <summary>The file's name.</summary>
    public const string FileName = "node.json";

    private const string FormatName = "dymes-node-1";

    public required string Format { get; init; }

    public required string Cluster { get; init; }

    public required int Epoch { get; init; }

    public required string Name { get; init; }

    public required string Replicas { get; init; }

    /// <summary>Writes who the node is into a directory that has been nobody's, or of an older list of its group; refuses one that is another's.</summary>
    /// <exception cref="DymesException">The directory is another node's, or what it says is damaged.</exception>
    public static void Claim(string dataPath, ReplicaGroup group, IFileSystem files)
    {
        var path = Path.GetFullPath(Path.Combine(dataPath, FileName));
        var owner = files.FileExists(path) ? Read(path, files) : null;
        if (owner is null || IsSucceeded(owner, group))
        {
            Write(path, group, files);
        }
        else if (owner != group)
        {
            throw new DymesException(
                ErrorCode.ForeignFile,
                $"{path}: the data is of {owner}; this node is {group}. Point store.dataPath at this node's own data, or set cluster.id, cluster.epoch, cluster.name and cluster.replicas to what they were. {HowToChange(owner, group)}")
            { Field = "store.dataPath" };
        }
    }

    // A node that is alone keeps no record of what a group has agreed on, so its data does not become a group's, nor a group's its own.
    private static bool IsSucceeded(ReplicaGroup owner, ReplicaGroup group) => group.Epoch > owner.Epoch && group.ClusterId == owner.ClusterId && group.Count > 1 && owner.Count > 1;

    private static string HowToChange(ReplicaGroup owner, ReplicaGroup group) => (group.Count > 1) == (owner.Count > 1)
        ? "A new list of replicas needs a cluster.epoch that is greater, in all of them."
        : "Between one node and several, messages move by 'dymes export' and 'dymes import'.";

    private static ReplicaGroup Read(string path, IFileSystem files)
    {
        try
        {
            using var file = files.Open(path, DataFileMode.Read);
            var bytes = new byte[file.Length];
            var identity = JsonSerializer.Deserialize(bytes.AsSpan(0, file.Read(bytes, 0)), NodeIdentityJson.Default.NodeIdentity);
            return identity?.Format == FormatName
                ? new ReplicaGroup(identity.Cluster, identity.Epoch, identity.Name, identity.Replicas)
                : throw new JsonException($"its format is '{identity?.Format}', not '{FormatName}'.");
        }
        catch (JsonException error)
        {
            throw new DymesException(
                ErrorCode.StorageDamaged, $"{path} is damaged: {error.Message} If the data beside it is this node's, delete the file: the node writes it again.", error);
        }
    }

    private static void Write(string path, ReplicaGroup group, IFileSystem files)
    {
        var directory = Path.GetDirectoryName(path)!;
        files.CreateDirectory(directory);
        var temporary = path + ".new";
        using (var file = files.Open(temporary, DataFileMode.Create))
        {
            var identity = new NodeIdentity { Format = FormatName, Cluster = group.ClusterId, Epoch = group.Epoch, Name = group.Name, Replicas = group.Names };
            file.Write(JsonSerializer.SerializeToUtf8Bytes(identity, NodeIdentityJson.Default.NodeIdentity), 0);
            file.Flush();
        }

        files.Rename(temporary, path);
        files.FlushDirectory(directory);
    }
}

/// <summary>How the file is read and written, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(NodeIdentity))]
internal sealed partial class NodeIdentityJson : JsonSerializerContext;
