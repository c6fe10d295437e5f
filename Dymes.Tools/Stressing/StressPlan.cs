using Dymes.Message;
using Dymes.Tools.Options;

namespace Dymes.Tools.Stressing;

/// <summary>A load: how many ask, how often, what, and for how long.</summary>
internal sealed record StressPlan
{
    /// <summary>How many requests are under way at once, 1 to 10,000: in a closed loop always, in an open loop at most.</summary>
    public required int Clients { get; init; }

    /// <summary>Requests a second that are started whatever becomes of them (open loop); null: each client starts the next when it has its answer (closed loop).</summary>
    public double? Rate { get; init; }

    /// <summary>Requests in all; null: until the duration is over.</summary>
    public long? Requests { get; init; }

    /// <summary>How long it is measured.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long it runs before it is measured.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Messages of one append, 1 to 8,192.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Bytes of a body.</summary>
    public int BodyBytes { get; init; } = 1024;

    /// <summary>How many channels the messages go to, in turn.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>How many of a hundred requests are queries.</summary>
    public int QueryPercent { get; init; }

    /// <summary>How many messages a query reads.</summary>
    public int QueryLimit { get; init; } = 100;

    /// <summary>Checks that the numbers are in range and fit together.</summary>
    public void Validate()
    {
        const int ClientsMax = 10_000;
        const int ChannelsMax = 1_000_000;
        OptionText.InRange(Clients, 1, ClientsMax, "--clients");
        OptionText.InRange(Batch, 1, MessageLimits.RequestMessagesMax, "--batch");
        OptionText.InRange(Channels, 1, ChannelsMax, "--channels");
        OptionText.InRange(QueryPercent, 0, 100, "--queries");
        OptionText.InRange(QueryLimit, 1, 10_000, "--query-limit");
        OptionText.InRange(BodyBytes, 0, MessageLimits.FrameBytesMax - MessageLimits.FrameHeaderBytes, "--size");
        if ((long)Batch * (BodyBytes + MessageLimits.FrameHeaderBytes + MessageLimits.AlignmentBytes) > MessageLimits.RequestBytesMax)
        {
            throw OptionText.Invalid("--batch", $"{Batch} messages of {BodyBytes} bytes are more than one request holds ({MessageLimits.RequestBytesMax} bytes).");
        }

        if (Rate is <= 0 or > 10_000_000)
        {
            throw OptionText.Invalid("--rate", $"--rate is {Rate}; it must be over 0 and at most 10,000,000 requests a second.");
        }
    }
}
