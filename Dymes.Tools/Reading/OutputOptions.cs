using System.CommandLine;
using Dymes.Message.Json;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Reading;

/// <summary>In which form messages are printed.</summary>
internal sealed class OutputOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "Print a JSON document a line." };
    private readonly Option<bool> _frames = new("--frames") { Description = "Print the raw frames, as they are stored." };
    private readonly Option<string> _body = new("--body") { Description = "How JSON shows bodies: base64, text or json.", DefaultValueFactory = _ => "base64" };

    public OutputOptions() => _body.AcceptOnlyFromAmong("base64", "text", "json");

    public void AddTo(Command command)
    {
        command.Add(_json);
        command.Add(_frames);
        command.Add(_body);
    }

    public IMessageOutput Create(ParseResult parsed, ToolTerminal terminal)
    {
        if (parsed.GetValue(_json) && parsed.GetValue(_frames))
        {
            throw OptionText.Invalid("--frames", "Give --json or --frames, not both.");
        }

        return parsed.GetValue(_frames) ? new RawFrames(terminal)
            : parsed.GetValue(_json) ? new JsonMessages(terminal, Form(parsed.GetValue(_body)))
            : new MessageLines(terminal);
    }

    private static BodyForm Form(string? text) => text switch
    {
        "json" => BodyForm.Json,
        "text" => BodyForm.Text,
        _ => BodyForm.Base64,
    };
}
