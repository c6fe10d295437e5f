using System.CommandLine;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Appending;

/// <summary><c>dymes append</c>: one message.</summary>
internal static class AppendCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("append", "Append a message and print its id, its position and its channel's version.");
        var options = new AppendOptions();
        var node = new NodeOptions();
        options.AddTo(command);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = await options.ReadAsync(parsed, terminal, cancellationToken);

            // The id is made here, so that a broken connection is no reason to ask the user whether it went through.
            using var client = node.Connect(parsed, terminal, makesIds: true);
            var receipt = (await client.AppendAsync(request, cancellationToken)).First;
            if (!receipt.IsStored)
            {
                throw Refusals.ToException(receipt);
            }

            Print(terminal, receipt, options.IsJson(parsed));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(ToolTerminal terminal, AppendReceipt receipt, bool isJson)
    {
        if (isJson)
        {
            JsonLines.Write(terminal.Output, receipt);
        }
        else
        {
            var replayed = receipt.Outcome == AppendOutcome.Replayed ? "  (was there before)" : "";
            terminal.Output.WriteLine($"{receipt.Id}  lsn {receipt.Lsn}  version {receipt.ChannelVersion}{replayed}");
        }
    }
}
