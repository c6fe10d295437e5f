using System.CommandLine;
using Dymes.Message;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Importing;

/// <summary><c>dymes import</c>: messages with their ids, from what export wrote.</summary>
internal static class ImportCommand
{
    private const double RetrySeconds = 60;

    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command(
            "import",
            "Append messages with their ids: import requests one a line or as an array, the original's export, or raw frames; the form is found out. What is there already is left alone.");
        var input = new Option<string?>("--input", "-i") { Description = "The file; .gz is fine. Default: standard input.", HelpName = "FILE" };
        var start = new Option<string?>("--start", "-s") { Description = "Resume: leave out what stands before the item with this id.", HelpName = "ULID" };
        var checkParents = new Option<bool>("--check-parents") { Description = "Refuse messages that follow from one that is not in the log." };
        var json = new Option<bool>("--json") { Description = "Print what was done as JSON." };
        var node = new NodeOptions(RetrySeconds);
        command.Add(input);
        command.Add(start);
        command.Add(checkParents);
        command.Add(json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var startId = parsed.GetValue(start) is { } text ? OptionText.Id(text, "--start") : MessageId.None;
            using var client = node.Connect(parsed, terminal);
            using var source = await ImportSource.OpenAsync(parsed.GetValue(input), terminal, cancellationToken);
            var count = await new ImportRun(client, source, terminal, !parsed.GetValue(checkParents)).RunAsync(startId, cancellationToken);
            Report(terminal, count, parsed.GetValue(json));
            return count.Refused == 0 ? ExitCodes.Done : ExitCodes.SomeRefused;
        });
        return command;
    }

    private static void Report(ToolTerminal terminal, ImportCount count, bool isJson)
    {
        if (!isJson)
        {
            terminal.Output.WriteLine($"{count.Read} read: {count.Appended} appended, {count.Present} were there, {count.Refused} refused");
            return;
        }

        JsonLines.Write(terminal.Output, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("read", count.Read);
            json.WriteNumber("appended", count.Appended);
            json.WriteNumber("present", count.Present);
            json.WriteNumber("refused", count.Refused);
            json.WriteEndObject();
        });
    }
}
