using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>What the model knows. Owned by the lock of its <see cref="InMemoryMessageLog"/>.</summary>
internal sealed class ModelState
{
    private readonly List<ModelMessage> _log = [];
    private readonly Dictionary<MessageId, ModelMessage> _byId = [];
    private readonly Dictionary<ChannelId, List<ModelMessage>> _byChannel = [];

    public IReadOnlyList<ModelMessage> Log => _log;

    /// <summary>By key the first message that carries its mark, and the number of messages that the mark tells.</summary>
    public Dictionary<string, (Lsn First, int Count)> Remembered { get; } = [];

    public Lsn NextLsn => new((ulong)_log.Count);

    public IEnumerable<ChannelId> Channels => _byChannel.Keys.Order();

    public ModelMessage? Find(MessageId id) => _byId.GetValueOrDefault(id);

    public IReadOnlyList<ModelMessage> InChannel(ChannelId channel) => _byChannel.GetValueOrDefault(channel) ?? [];

    public ulong Version(ChannelId channel) => (ulong)InChannel(channel).Count;

    public ModelMessage Append(MessageFrame frame, MessageId id)
    {
        var message = new ModelMessage(frame.Bytes, NextLsn, id, Version(frame.Channel) + 1);
        _byId.Add(id, message);
        _log.Add(message);
        _byChannel.TryAdd(message.Channel, []);
        _byChannel[message.Channel].Add(message);
        if (IdempotencyMark.TryGet(frame, out var count, out var key))
        {
            Remembered.TryAdd(System.Text.Encoding.UTF8.GetString(key), (message.Lsn, count));
        }

        return message;
    }

    public void CutTo(int count)
    {
        while (_log.Count > count)
        {
            var last = _log[^1];
            _log.RemoveAt(_log.Count - 1);
            _byId.Remove(last.Id);
            Remembered.Where(pair => pair.Value.First == last.Lsn).ToList().ForEach(pair => Remembered.Remove(pair.Key));
            _byChannel[last.Channel].Remove(last);
            if (_byChannel[last.Channel].Count == 0)
            {
                _byChannel.Remove(last.Channel);
            }
        }
    }

    public ChannelSummary? Summarize(ChannelId channel)
    {
        var messages = InChannel(channel);
        return messages.Count == 0 ? null : new ChannelSummary(
            channel,
            messages.Select(NameOf).FirstOrDefault(name => name is not null),
            (ulong)messages.Count,
            messages[0].Lsn,
            messages[^1].Lsn,
            messages[0].Id,
            messages[^1].Id);
    }

    private static string? NameOf(ModelMessage message) =>
        message.Frame.TryGetKv(ReservedKeys.ChannelName, out var name) ? System.Text.Encoding.UTF8.GetString(name) : null;
}
