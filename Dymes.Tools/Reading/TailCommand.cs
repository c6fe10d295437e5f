using System.CommandLine;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Reading;

/// <summary><c>dymes tail</c>: messages as they come.</summary>
internal static class TailCommand
{
    private const double RetrySeconds = 86_400;

    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("tail", "Follow the log: print messages as they are appended, without gap or repeat, until interrupted.");
        var all = new Option<bool>("--all", "-a") { Description = "Begin with everything that is there, not with what comes from now on." };
        var limit = new Option<long?>("--limit") { Description = "End after this many.", HelpName = "N" };
        var selection = new SelectionOptions();
        var form = new OutputOptions();
        var node = new NodeOptions(RetrySeconds);
        selection.AddTo(command);
        command.Add(all);
        command.Add(limit);
        form.AddTo(command);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = form.Create(parsed, terminal);
            using var client = node.Connect(parsed, terminal);
            try
            {
                var query = selection.Read(parsed, terminal.Clock.GetUtcNow()) with { Limit = parsed.GetValue(limit) };
                query = parsed.GetValue(all) || selection.HasStart(parsed) ? InLogOrder(query) : await FromNowOnAsync(client, query, cancellationToken);
                await foreach (var page in client.SubscribeAsync(query, cancellationToken))
                {
                    Print(page, output);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Being interrupted is how a tail ends. The prompt gets a line of its own, behind what the terminal shows for Ctrl-C.
                terminal.Output.Write(terminal.IsOutputWatched ? "\n" : "");
            }

            output.Flush();
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<MessageQuery> FromNowOnAsync(IMessageLog log, MessageQuery query, CancellationToken cancellationToken)
    {
        var status = await log.GetStatusAsync(cancellationToken);
        return query with { Bounds = query.Bounds with { FromLsn = status.NextLsn } };
    }

    // What is followed comes in the order of the log, whatever its times.
    private static MessageQuery InLogOrder(MessageQuery query) => query.Selection is TimeSelection ? query with { Selection = new LogSelection() } : query;

    private static void Print(FramePage page, IMessageOutput output)
    {
        foreach (var frame in page)
        {
            output.Write(frame);
        }

        output.Flush();
    }
}
