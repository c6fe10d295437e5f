using System.Text;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing;

/// <summary>A message as a test writes it down.</summary>
/// <param name="Body">The body as text; other bytes go into <see cref="Bytes"/>.</param>
public sealed record MessageDraft(string Body = "")
{
    /// <summary>The id that the client made, or none.</summary>
    public MessageId Id { get; init; }

    /// <summary>The message that this one follows from, or none.</summary>
    public MessageId Parent { get; init; }

    /// <summary>The channel.</summary>
    public ChannelId Channel { get; init; }

    /// <summary>The channel's name; sets <see cref="Channel"/> too, and the entry that remembers the name.</summary>
    public string? ChannelName
    {
        get;
        init
        {
            field = value;
            Channel = ChannelId.OfName(value ?? "");
        }
    }

    /// <summary>The routing bits.</summary>
    public UInt128 Routing { get; init; }

    /// <summary>The entries.</summary>
    public IReadOnlyList<(string Key, string Value)> Kv { get; init; } = [];

    /// <summary>The body, where it is not text.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>The sealed frame.</summary>
    /// <param name="mark">Puts more on the frame before it is sealed.</param>
    public byte[] ToFrame(Action<FrameBuilder>? mark = null)
    {
        var builder = new FrameBuilder { Id = Id, CorrelationId = Parent, Channel = Channel, Routing = Routing };
        if (ChannelName is not null)
        {
            builder.AddKv(ReservedKeys.ChannelName, Encoding.UTF8.GetBytes(ChannelName));
        }

        foreach (var (key, value) in Kv)
        {
            builder.AddKv(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
        }

        mark?.Invoke(builder);
        return builder.Build(Bytes ?? Encoding.UTF8.GetBytes(Body));
    }

    /// <summary>A request of these messages that fare each on its own.</summary>
    public static AppendRequest Request(params IReadOnlyList<MessageDraft> drafts) => new()
    {
        Frames = Frames.Join(drafts.Select(draft => draft.ToFrame())),
        Count = drafts.Count,
    };

    /// <summary>A request of these messages, all or none.</summary>
    public static AppendRequest Atomic(params IReadOnlyList<MessageDraft> drafts) => new()
    {
        Frames = Frames.Join(drafts.Select(draft => draft.ToFrame())),
        Count = drafts.Count,
        IsAtomic = true,
    };

    /// <summary>A request of these messages, all or none, that the log remembers by a key.</summary>
    public static AppendRequest Once(string key, params IReadOnlyList<MessageDraft> drafts) => new()
    {
        Frames = Frames.Join(drafts.Select((draft, index) =>
            draft.ToFrame(index > 0 ? null : builder => IdempotencyMark.Put(builder, drafts.Count, key)))),
        Count = drafts.Count,
        IsAtomic = true,
        IdempotencyKey = key,
    };
}
