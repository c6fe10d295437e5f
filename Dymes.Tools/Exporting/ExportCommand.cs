using System.CommandLine;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Exporting;

/// <summary><c>dymes export</c>: messages to a file, from which <c>dymes import</c> makes them again, byte for byte.</summary>
internal static class ExportCommand
{
    private const double RetrySeconds = 60;

    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("export", "Write messages to a file or to standard output.");
        var output = new Option<string?>("--output", "-o") { Description = "The file; compressed where its name ends in .gz. Default: standard output.", HelpName = "FILE" };
        var append = new Option<bool>("--append", "-a") { Description = "Add to the file; it stays one document." };
        var format = CreateFormat();
        var json = new Option<bool>("--json") { Description = "Print what was done as JSON, on standard error where the messages go to standard output." };
        var selection = new SelectionOptions();
        var node = new NodeOptions(RetrySeconds);
        selection.AddTo(command);
        command.Add(output);
        command.Add(append);
        command.Add(format);
        command.Add(json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var query = selection.Read(parsed, terminal.Clock.GetUtcNow());
            query.Validate();
            var file = parsed.GetValue(output);
            if (file is null && parsed.GetValue(append))
            {
                throw OptionText.Invalid("--append", "Name the file to add to with --output.");
            }

            using var client = node.Connect(parsed, terminal);
            var (messages, bytes) = await RunAsync(client, query, () => ExportTarget.Open(file, parsed.GetValue(format)!, parsed.GetValue(append), terminal), terminal, cancellationToken);
            Report(file is null ? terminal.Error : terminal.Output, messages, bytes, parsed.GetValue(json), isAsked: file is not null || terminal.IsErrorWatched);
            return ExitCodes.Done;
        });
        return command;
    }

    // The file is opened when the node has answered: a wrong address must not cost an older export.
    private static async Task<(long Messages, long Bytes)> RunAsync(
        IMessageLog log, MessageQuery query, Func<ExportTarget> open, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        await using var pages = log.QueryAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasPage = await pages.MoveNextAsync();
        using var target = open();
        using var progress = new ProgressLine(terminal, "exported");
        long messages = 0;
        long bytes = 0;
        for (; hasPage; hasPage = await pages.MoveNextAsync())
        {
            Write(pages.Current, target.Format);
            messages += pages.Current.Count;
            bytes += pages.Current.Frames.Length;
            progress.Show(messages, bytes);
        }

        target.Format.Finish();
        return (messages, bytes);
    }

    private static void Write(FramePage page, IExportFormat format)
    {
        foreach (var frame in page)
        {
            format.Write(frame);
        }
    }

    private static void Report(TextWriter output, long messages, long bytes, bool isJson, bool isAsked)
    {
        if (isJson)
        {
            JsonLines.Write(output, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("messages", messages);
                json.WriteNumber("frame_bytes", bytes);
                json.WriteEndObject();
            });
        }
        else if (isAsked)
        {
            output.WriteLine($"{messages} messages exported, {ByteSize.Format(bytes)}");
        }
    }

    private static Option<string> CreateFormat()
    {
        var format = new Option<string>("--format")
        {
            Description = "ndjson (import requests, one a line), json (the array of the original's export) or frames (raw).",
            DefaultValueFactory = _ => "ndjson",
        };
        format.AcceptOnlyFromAmong("ndjson", "json", "frames");
        return format;
    }
}
