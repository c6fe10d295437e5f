using Dymes.Message;

namespace Dymes.Tools.Exporting;

/// <summary>Writes frames as they are stored, positions included.</summary>
internal sealed class FrameExport(Stream output) : IExportFormat
{
    public void Write(MessageFrame frame) => output.Write(frame.Bytes);

    public void Finish() => output.Flush();
}
