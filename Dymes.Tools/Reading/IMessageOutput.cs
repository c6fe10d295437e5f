using Dymes.Message;

namespace Dymes.Tools.Reading;

/// <summary>A form in which messages are printed.</summary>
internal interface IMessageOutput
{
    void Write(MessageFrame frame);

    /// <summary>Brings what was written to the reader.</summary>
    void Flush();
}
