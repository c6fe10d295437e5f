using System.CommandLine;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Clustering;

/// <summary><c>dymes cluster</c>: what concerns all replicas at once.</summary>
internal static class ClusterCommand
{
    public static Command Create(ToolTerminal terminal) => new("cluster", "Look after the replicas of a cluster, or start one on this machine.")
    {
        ClusterStatusCommand.Create(terminal),
        new ClusterUpCommand(terminal),
    };
}
