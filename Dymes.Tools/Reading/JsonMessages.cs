using System.Text.Json;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Reading;

/// <summary>Prints messages as JSON, one a line.</summary>
internal sealed class JsonMessages(ToolTerminal terminal, BodyForm form) : IMessageOutput
{
    private readonly BufferedStream _output = new(terminal.OutputBytes, 64 * 1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, MessageJson.WriterOptions);

    public void Write(MessageFrame frame)
    {
        _json.Reset(_output);
        MessageJson.Write(_json, frame, form);
        _json.Flush();
        _output.WriteByte((byte)'\n');
    }

    public void Flush() => _output.Flush();
}
