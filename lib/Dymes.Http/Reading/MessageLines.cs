using System.Buffers;
using System.Text.Json;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Http.Reading;

/// <summary>Writes messages as JSON, each with the same writer.</summary>
internal sealed class MessageLines(IBufferWriter<byte> output, BodyForm form) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, MessageJson.WriterOptions);

    public void Write(MessageFrame frame)
    {
        MessageJson.Write(_json, frame, form);
        _json.Flush();
        _json.Reset();
    }

    public void WriteLines(FramePage page)
    {
        foreach (var frame in page)
        {
            WriteLine(frame);
        }
    }

    public void WriteLine(MessageFrame frame)
    {
        Write(frame);
        "\n"u8.CopyTo(output.GetSpan(1));
        output.Advance(1);
    }

    public void Dispose() => _json.Dispose();
}
