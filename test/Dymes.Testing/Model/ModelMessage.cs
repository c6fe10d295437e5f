using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>A message of the model: its stamped frame, and what of it is asked often.</summary>
internal sealed class ModelMessage
{
    private readonly byte[] _bytes;

    public ModelMessage(ReadOnlySpan<byte> unstamped, Lsn lsn, MessageId id, ulong channelVersion)
    {
        _bytes = unstamped.ToArray();
        FrameStamp.Stamp(_bytes, lsn, id);
        Lsn = lsn;
        Id = id;
        ChannelVersion = channelVersion;
        Parent = Frame.CorrelationId;
        Channel = Frame.Channel;
    }

    public Lsn Lsn { get; }

    public MessageId Id { get; }

    public MessageId Parent { get; }

    public ChannelId Channel { get; }

    public ulong ChannelVersion { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public MessageFrame Frame => Frames.First(_bytes);

    public QueryPosition Position => new(Lsn.Value, Id);

    public AppendReceipt Receipt(AppendOutcome outcome) => new(outcome, Id, Lsn, ChannelVersion);
}
