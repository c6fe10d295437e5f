using System.CommandLine;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

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
            var live = terminal.CanRedraw && !parsed.GetValue(json) ? new LiveText(terminal) : null;
            live?.Show(["warming up"]);
            var report = await new StressRun(client, plan, terminal.Clock).RunAsync(live is null ? null : soFar => live.Show(StressTable.Lines(soFar)), cancellationToken);
            Print(report, live, parsed.GetValue(json), terminal);

            // What was measured until then is worth its lines; that it was not all shows in the exit code.
            cancellationToken.ThrowIfCancellationRequested();
            return report.Errors.Count == 0 ? ExitCodes.Done : ExitCodes.SomeRefused;
        });
        return command;
    }

    private static void Print(StressReport report, LiveText? live, bool isJson, ToolTerminal terminal)
    {
        if (isJson)
        {
            JsonLines.Write(terminal.Output, report.Write);
        }
        else if (live is not null)
        {
            live.Finish(StressTable.Lines(report));
        }
        else
        {
            terminal.Output.WriteLine(string.Join('\n', StressTable.Lines(report)));
        }
    }
}
