using System.CommandLine;
using Dymes.Client;
using Dymes.Common;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Clustering;

/// <summary><c>dymes cluster status</c>: how the replicas are, again and again where somebody watches.</summary>
internal static class ClusterStatusCommand
{
    // Long enough to ask the next node where the one that is named first is the one that is lost.
    private const double RetrySeconds = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("status", "Show how the replicas are, every second until interrupted; once where nobody watches. Fails where no majority of silos is alive.");
        var json = new Option<bool>("--json") { Description = "Print a JSON document, once." };
        var once = new Option<bool>("--once") { Description = "Print it once." };
        var node = new NodeOptions(RetrySeconds);
        command.Add(json);
        command.Add(once);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = node.Connect(parsed, terminal);
            if (parsed.GetValue(json) || parsed.GetValue(once) || !terminal.CanRedraw)
            {
                var report = await client.GetClusterAsync(cancellationToken);
                Print(terminal, report, parsed.GetValue(json));
                return ExitCodeOf(report);
            }

            await WatchAsync(terminal, client, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(ToolTerminal terminal, ClusterReport report, bool isJson)
    {
        if (isJson)
        {
            JsonLines.Write(terminal.Output, json => ClusterReportJson.Write(json, report));
            return;
        }

        terminal.Output.WriteLine(string.Join('\n', ClusterTable.Lines(report)));
    }

    // Who is asked may be the one that is lost: what was seen last stays, with why there is nothing newer.
    private static async Task WatchAsync(ToolTerminal terminal, DymesClient client, CancellationToken cancellationToken)
    {
        var live = new LiveText(terminal);
        IReadOnlyList<string> lines = [];
        try
        {
            while (true)
            {
                try
                {
                    lines = ClusterTable.Lines(await client.GetClusterAsync(cancellationToken));
                    live.Show(lines);
                }
                catch (DymesException trouble)
                {
                    live.Show([.. lines, Complaint.Describe(trouble)]);
                }

                await Task.Delay(Interval, terminal.Clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            live.Finish(lines);
        }
    }

    private static int ExitCodeOf(ClusterReport report) => report.Replicas.Count(replica => replica.Silo == SiloState.Alive) * 2 > report.Replicas.Count
        ? ExitCodes.Done
        : ErrorCatalog.Describe(ErrorCode.NotReady).ExitCode;
}
