using System.Text.Json;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Reading;

/// <summary>Prints messages as JSON, one a line.</summary>
internal sealed class JsonMessages(ToolTerminal terminal, BodyForm form) : IMessageOutput
{
    private readonly BufferedStream _output = new(terminal.OutputBytes, 64 * 1024);

    public void Write(MessageFrame frame)
    {
        using (var json = new Utf8JsonWriter(_output, MessageJson.WriterOptions))
        {
            MessageJson.Write(json, frame, form);
        }

        _output.WriteByte((byte)'\n');
    }

    public void Flush() => _output.Flush();
}
