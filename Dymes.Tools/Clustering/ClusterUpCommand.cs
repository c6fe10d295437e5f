using System.CommandLine;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Clustering;

/// <summary><c>dymes cluster up</c>: a cluster of real silos on this machine, for as long as the command runs.</summary>
internal sealed class ClusterUpCommand : Command
{
    /// <summary>How long the command may take to end when it is interrupted: a silo that is asked to stop answers what it has taken.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private const int DefaultPort = 6510;

    private readonly Option<int> _replicas = new("--replicas", "-n") { Description = "How many silos: 1, 3, 5 or 7.", HelpName = "N", DefaultValueFactory = _ => 3 };

    private readonly Option<string> _folder = new("--data", "-d")
    {
        Description = "The folder of the cluster. What is there already goes on with its data and its ports.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./dymes-cluster",
    };

    private readonly Option<int> _port = new("--port", "-p")
    {
        Description = "The port of the first silo's API; the others follow, operations are 100 above, silos 200, gateways 300. A cluster that is there keeps its own.",
        HelpName = "PORT",
        DefaultValueFactory = _ => DefaultPort,
    };

    private readonly Option<string?> _silo = new("--silo") { Description = "The program of a storage node. Default: dymes-silo beside this tool, or on the path.", HelpName = "FILE" };

    public ClusterUpCommand(ToolTerminal terminal)
        : base("up", "Start a cluster of storage nodes on this machine, tell who dies, and stop all when interrupted. Nothing runs on without this command.")
    {
        Add(_replicas);
        Add(_folder);
        Add(_port);
        Add(_silo);
        SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parsed, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var program = SiloProgram.Find(parsed.GetValue(_silo), terminal.Environment);
        var cluster = LocalCluster.Open(parsed.GetValue(_folder)!, parsed.GetValue(_replicas), OptionText.InRange(parsed.GetValue(_port), 1, LocalCluster.PortMax, "--port"));
        using var run = new ClusterRun(cluster, program, terminal);
        try
        {
            await run.StartAsync(cancellationToken);
            Tell(terminal, cluster);
            await run.WatchAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is meant to end so.
        }
        finally
        {
            if (!await run.StopAsync())
            {
                terminal.WriteError("Not all silos stopped in time; they are killed.\n");
            }
        }

        return ExitCodes.Done;
    }

    private static void Tell(ToolTerminal terminal, LocalCluster cluster)
    {
        terminal.Output.WriteLine($"{cluster.Replicas.Seats.Count} silos are ready; their files are in {cluster.Folder}");
        foreach (var seat in cluster.Replicas.Seats)
        {
            terminal.Output.WriteLine($"  {seat.Name}  {seat.Http!.GetLeftPart(UriPartial.Authority)}");
        }

        terminal.Output.WriteLine($"""
            How they are:   dymes cluster status --url {string.Join(',', cluster.Replicas.Seats.Select(seat => seat.Http!.GetLeftPart(UriPartial.Authority)))}
            A gateway:      dymes-gateway --cluster.membership=file --cluster.membershipFile={cluster.MembershipFile}
            Stop with Ctrl-C.
            """);
        terminal.Output.Flush();
    }
}
