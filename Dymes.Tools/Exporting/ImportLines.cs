using System.Text.Json;
using Dymes.Message;
using Dymes.Message.Json;

namespace Dymes.Tools.Exporting;

/// <summary>Writes import requests, one a line: it streams, compresses, and can be added to and cut anywhere between lines.</summary>
internal sealed class ImportLines(Stream output) : IExportFormat
{
    private readonly Utf8JsonWriter _json = new(output, MessageJson.WriterOptions);

    public void Write(MessageFrame frame)
    {
        MessageJson.WriteImport(_json, frame);
        _json.Flush();
        _json.Reset();
        output.WriteByte((byte)'\n');
    }

    public void Finish() => output.Flush();
}
