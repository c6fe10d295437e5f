using Dymes.Message;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Reading;

/// <summary>Prints frames as they are.</summary>
internal sealed class RawFrames(ToolTerminal terminal) : IMessageOutput
{
    public void Write(MessageFrame frame) => terminal.OutputBytes.Write(frame.Bytes);

    public void Flush() => terminal.OutputBytes.Flush();
}
