using System.CommandLine;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;
using Spectre.Console;

namespace Dymes.Tools.Stressing;

/// <summary><c>dymes stress</c>: a load of appends and queries, and how the node bears it.</summary>
internal static class StressCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("stress", "Append and query under load and print rates and latencies. It writes real messages: use a node that may be thrown away.");
        var json = new Option<bool>("--json") { Description = "Print the result as a JSON document." };
        var options = new StressOptions();
        var node = new NodeOptions(retrySeconds: 0);
        options.AddTo(command);
        command.Add(json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = options.Read(parsed);
            using var client = node.Connect(parsed, terminal);
            await client.GetStatusAsync(cancellationToken);
            var run = new StressRun(client, plan, terminal.Clock);
            var report = terminal.IsOutputWatched && !parsed.GetValue(json)
                ? await RunLiveAsync(run, terminal, cancellationToken)
                : await run.RunAsync(null, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonLines.Write(terminal.Output, report.Write);
            }
            else if (!terminal.IsOutputWatched)
            {
                StressTable.CreateConsole(terminal).Write(StressTable.Build(report));
            }

            return report.Errors.Count == 0 ? ExitCodes.Done : ExitCodes.SomeRefused;
        });
        return command;
    }

    private static async Task<StressReport> RunLiveAsync(StressRun run, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        StressReport? report = null;
        await StressTable.CreateConsole(terminal).Live(new Text("warming up")).StartAsync(async live =>
        {
            report = await run.RunAsync(
                soFar =>
                {
                    live.UpdateTarget(StressTable.Build(soFar));
                    live.Refresh();
                    terminal.Output.Flush();
                },
                cancellationToken);
            live.UpdateTarget(StressTable.Build(report));
        });
        return report!;
    }
}
