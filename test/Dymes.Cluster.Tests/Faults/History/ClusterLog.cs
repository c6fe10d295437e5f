using System.IO.Hashing;
using System.Text.Json;
using Dymes.Client;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>The log that all nodes of a cluster must have, each read from its own files.</summary>
internal static class ClusterLog
{
    /// <summary>Reads it from each node.</summary>
    /// <param name="cluster">The nodes, which are whole.</param>
    /// <param name="violate">Is told where one has another log, byte for byte.</param>
    /// <returns>The first node's.</returns>
    public static async Task<IReadOnlyList<LoggedMessage>> ReadAsync(SiloCluster cluster, Action<string> violate)
    {
        List<LoggedMessage> log = [];
        List<ulong> frames = [];
        foreach (var node in cluster.Nodes)
        {
            var (others, isFirst) = (new List<ulong>(), node == cluster.Nodes[0]);
            using var client = new DymesClient(new DymesClientOptions { Addresses = [node.Http] });
            await foreach (var page in client.QueryAsync(new MessageQuery()))
            {
                foreach (var frame in page)
                {
                    (isFirst ? frames : others).Add(XxHash3.HashToUInt64(frame.Bytes));
                    if (isFirst)
                    {
                        log.Add(new LoggedMessage(JsonSerializer.Deserialize<string>(frame.Body)!, frame.Id));
                    }
                }
            }

            if (!isFirst && !others.SequenceEqual(frames))
            {
                var same = frames.Zip(others).TakeWhile(pair => pair.First == pair.Second).Count();
                violate($"{node.Name} has another log than {cluster.Nodes[0].Name}: {others.Count} messages, and {frames.Count}; the first {same} are the same");
            }
        }

        return log;
    }
}
