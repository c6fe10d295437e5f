using System.Text.Json;
using Dymes.Message;
using Dymes.Message.Json;

namespace Dymes.Tools.Exporting;

/// <summary>Writes the JSON array of the original's export.</summary>
/// <param name="output">Where it goes: the beginning of a document, or the place of the closing bracket of one that is continued.</param>
/// <param name="isContinued">Whether an array is open already.</param>
/// <param name="hasElements">Whether that array has elements.</param>
internal sealed class OriginalArray(Stream output, bool isContinued, bool hasElements) : IExportFormat
{
    private readonly Utf8JsonWriter _json = new(output, MessageJson.WriterOptions);
    private bool _isOpen = isContinued;
    private bool _hasElements = hasElements;

    public void Write(MessageFrame frame)
    {
        Open();
        output.Write(_hasElements ? ",\n"u8 : "\n"u8);
        _hasElements = true;
        MessageJson.WriteOriginal(_json, frame);
        _json.Flush();
        _json.Reset();
    }

    public void Finish()
    {
        Open();
        output.Write("\n]\n"u8);
        output.Flush();
    }

    private void Open()
    {
        if (!_isOpen)
        {
            output.Write("["u8);
            _isOpen = true;
        }
    }
}
