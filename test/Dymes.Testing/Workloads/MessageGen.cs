using CsCheck;
using Dymes.Message;

namespace Dymes.Testing.Workloads;

/// <summary>Random messages: small ones mostly, few channels and keys, so that they meet.</summary>
public static class MessageGen
{
    /// <summary>Ids of their own: some days around the time that a <see cref="SteppingClock"/> starts at.</summary>
    public static Gen<MessageId> Ids { get; } = Gen.Select(Gen.Int[-200_000, 200_000], Gen.UInt128, (offset, entropy) =>
        new MessageId(MessageId.FirstAt(new SteppingClock().UnixMilliseconds + (offset * 1000L)).Value | (entropy >> 48)));

    /// <summary>Ids out of a few, so that a parent that is missing comes later, a message is imported before what it follows from, and some tie a knot.</summary>
    public static Gen<MessageId> SharedIds { get; } = Gen.Int[1, 25].Select(number =>
        new MessageId(MessageId.FirstAt(new SteppingClock().UnixMilliseconds + ((number * 7 % 25) - 12)).Value + (UInt128)number));

    /// <summary>One hot channel, a few warm ones, many cold ones, and the extremes.</summary>
    public static Gen<ChannelId> Channels { get; } = Gen.Frequency(
        (6, Gen.Const((UInt128)1)),
        (3, Gen.Int[2, 4].Select(number => (UInt128)number)),
        (2, Gen.Int[5, 200].Select(number => (UInt128)number)),
        (1, Gen.OneOf(UInt128.Zero, UInt128.MaxValue, UInt128.One << 64)))
        .Select(number => new ChannelId(number));

    /// <summary>A few low bits, so that masks meet them, or all 128.</summary>
    public static Gen<UInt128> Bits { get; } = Gen.Frequency((4, Gen.Int[0, 15].Select(bits => (UInt128)bits)), (1, Gen.UInt128));

    /// <summary>Keys out of a few.</summary>
    public static Gen<string> Keys { get; } = Gen.OneOf("type", "key", "ключ", " spaced ", "a-rather-long-key-of-some-forty-characters");

    /// <summary>Values out of a few.</summary>
    public static Gen<string> Values { get; } = Gen.OneOf("", "a", "b", "A value with spaces", "значение");

    /// <summary>Bodies of up to 300 bytes, sometimes none, seldom some thousands.</summary>
    public static Gen<byte[]> Bodies { get; } = Gen.Frequency(
        (1, Gen.Const(Array.Empty<byte>())), (8, Gen.Byte.Array[1, 300]), (1, Gen.Byte.Array[2000, 9000]));

    /// <summary>Messages without id and parent.</summary>
    public static Gen<MessageDraft> Drafts { get; } = Gen.Select(Channels, Bits, Gen.Select(Keys, Values).Array[0, 4], Bodies, (channel, routing, kv, body) =>
        new MessageDraft { Channel = channel, Routing = routing, Kv = kv, Bytes = body });

    /// <summary>Sealed frames with any id, parent and content.</summary>
    public static Gen<byte[]> SealedFrames { get; } = Gen.Select(Drafts, Ids, Ids, (draft, id, parent) => (draft with { Id = id, Parent = parent }).ToFrame());
}
