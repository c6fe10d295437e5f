using System.CommandLine;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Reading;

/// <summary><c>dymes query</c>: messages that are there.</summary>
internal static class QueryCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("query", "Print messages: of a time, a channel, a correlation, by id, by entries and routing.");
        var selection = new SelectionOptions();
        var order = new OrderOptions();
        var form = new OutputOptions();
        var node = new NodeOptions();
        selection.AddTo(command);
        order.AddTo(command);
        form.AddTo(command);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var query = order.Read(parsed, selection.Read(parsed, terminal.Clock.GetUtcNow()));
            var output = form.Create(parsed, terminal);
            using var client = node.Connect(parsed, terminal);
            await foreach (var page in client.QueryAsync(query, cancellationToken))
            {
                Print(page, output);
            }

            output.Flush();
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(FramePage page, IMessageOutput output)
    {
        foreach (var frame in page)
        {
            output.Write(frame);
        }
    }
}
