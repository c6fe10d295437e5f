using System.CommandLine;
using Dymes.Message;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Importing;

/// <summary><c>dymes import</c>: messages with their ids, from what export wrote.</summary>
internal static class ImportCommand
{
    private const double RetrySeconds = 60;

    private static readonly Option<string?> Input = new("--input", "-i") { Description = "The file; .gz is fine. Default: standard input.", HelpName = "FILE" };
    private static readonly Option<string?> Start = new("--start", "-s") { Description = "Resume: leave out what stands before the item with this id.", HelpName = "ULID" };
    private static readonly Option<bool> CheckParents = new("--check-parents") { Description = "Refuse messages that follow from one that is not in the log." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print what was done as JSON." };

    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command(
            "import",
            "Append messages with their ids: import requests one a line or as an array, the original's export, or raw frames; the form is found out. What is there already is left alone.");
        var node = new NodeOptions(RetrySeconds);
        command.Add(Input);
        command.Add(Start);
        command.Add(CheckParents);
        command.Add(Json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var start = parsed.GetValue(Start) is { } text ? OptionText.Id(text, "--start") : MessageId.None;
            using var client = node.Connect(parsed, terminal);
            using var source = await ImportSource.OpenAsync(parsed.GetValue(Input), terminal, cancellationToken);
            var count = await new ImportRun(client, source, terminal, !parsed.GetValue(CheckParents)).RunAsync(start, cancellationToken);
            Report(terminal, count, parsed.GetValue(Json));
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
