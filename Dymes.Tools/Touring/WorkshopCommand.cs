using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Touring;

/// <summary><c>dymes workshop</c>: a guided tour on a live node. Every step shows its call, as one would type it, and the node's answer.</summary>
internal static class WorkshopCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("workshop", "A guided tour of a live node: import, append, correlation, channel, range. It appends four messages.");
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not wait for Enter between the steps." };
        var json = new Option<bool>("--json") { Description = "Print each step as a JSON document, and do not wait." };
        var node = new NodeOptions(retrySeconds: 0);
        command.Add(yes);
        command.Add(json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var address = node.Read(parsed, terminal).Addresses[0];
            var isJson = parsed.GetValue(json);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            var steps = Tour.Create(new MessageIdSequence(bytes => RandomNumberGenerator.Fill(bytes)), terminal.Clock.GetUtcNow());
            for (var i = 0; i < steps.Count; i++)
            {
                await RunAsync(steps[i], i + 1, steps.Count, address, http, terminal, isJson, cancellationToken);
                if (!isJson && !parsed.GetValue(yes) && terminal.IsInputTyped && i < steps.Count - 1)
                {
                    await PauseAsync(terminal, cancellationToken);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        TourStep step, int number, int count, Uri address, HttpClient http, ToolTerminal terminal, bool isJson, CancellationToken cancellationToken)
    {
        var output = terminal.Output;
        if (!isJson)
        {
            output.WriteLine($"── {number}/{count} {step.Title} ──");
            output.WriteLine(Wrap(step.Story, terminal.Columns));
            output.WriteLine();
            output.WriteLine($"$ {step.ToCurl(address)}");
            await output.FlushAsync(cancellationToken);
        }

        var (status, answer) = await CallAsync(step, address, http, cancellationToken);
        if (isJson)
        {
            JsonLines.Write(output, json => Write(json, step, address, status, answer));
        }
        else
        {
            output.WriteLine(Indent(answer));
            output.WriteLine();
        }

        if (status >= 400)
        {
            throw new DymesException(ErrorCode.Internal, $"Step {number} was answered with {status}; the tour ends here.");
        }
    }

    private static async Task<(int Status, string Answer)> CallAsync(TourStep step, Uri address, HttpClient http, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(step.Method, new Uri(address, step.Path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (step.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(step.ContentType!);
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException broken)
        {
            throw new DymesException(ErrorCode.ConnectionFailed, $"No node answers at {address}: {broken.Message.TrimEnd('.')}. Start one, or name it with --url.", broken);
        }
    }

    private static async Task PauseAsync(ToolTerminal terminal, CancellationToken cancellationToken)
    {
        terminal.Output.Write("Enter goes on. ");
        await terminal.Output.FlushAsync(cancellationToken);
        var typed = new byte[256];
        int count;
        do
        {
            // A terminal's read cannot be cancelled: it is left behind, and ends with the process.
            count = await Task.Run(() => terminal.Input.Read(typed), CancellationToken.None).WaitAsync(cancellationToken);
        }
        while (count > 0 && !typed.AsSpan(0, count).Contains((byte)'\n'));
    }

    private static string Wrap(string text, int columns)
    {
        var lines = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' '))
        {
            var isNext = used > 0 && used + 1 + word.Length >= columns;
            lines.Append(isNext ? "\n" : used > 0 ? " " : "").Append(word);
            used = (isNext || used == 0 ? 0 : used + 1) + word.Length;
        }

        return lines.ToString();
    }

    private static string Indent(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions with { Indented = true, NewLine = "\n" }))
            {
                document.RootElement.WriteTo(json);
            }

            return Encoding.UTF8.GetString(bytes.ToArray());
        }
        catch (JsonException)
        {
            return answer.TrimEnd();
        }
    }

    private static void Write(Utf8JsonWriter json, TourStep step, Uri address, int status, string answer)
    {
        json.WriteStartObject();
        json.WriteString("step", step.Title);
        json.WriteString("call", step.ToCurl(address));
        json.WriteNumber("status", status);
        json.WriteString("answer", answer);
        json.WriteEndObject();
    }
}
