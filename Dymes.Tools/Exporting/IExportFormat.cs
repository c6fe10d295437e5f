using Dymes.Message;

namespace Dymes.Tools.Exporting;

/// <summary>How exported messages are written.</summary>
internal interface IExportFormat
{
    void Write(MessageFrame frame);

    /// <summary>Writes what closes the document, and brings all of it out.</summary>
    void Finish();
}
