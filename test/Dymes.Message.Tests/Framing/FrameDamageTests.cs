using System.Buffers.Binary;
using CsCheck;
using Dymes.Testing;
using Dymes.Testing.Workloads;

namespace Dymes.Message.Tests.Framing;

/// <summary>Bytes are guilty until checked: whatever is done to a frame, it is refused, and nothing throws.</summary>
public sealed class FrameDamageTests
{
    [Fact]
    public void Every_single_flipped_bit_is_noticed()
    {
        var bytes = new MessageDraft("a body that needs padding") { Kv = [("key", "value"), ("k2", "")] }.ToFrame();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(FrameFault.None, MessageFrame.TryRead(damaged, out _));
        }
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        var bytes = new MessageDraft("a body") { Kv = [("key", "value")] }.ToFrame();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(FrameFault.Truncated, MessageFrame.TryRead(bytes.AsSpan(0, length), out var frame));
            Assert.True(frame.Bytes.IsEmpty);
        }
    }

    [Fact]
    public void Random_mutations_are_noticed() => Gen.Select(MessageGen.SealedFrames, Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte[1, 255]).Array[1, 20])
        .Sample(
            (bytes, mutations) =>
            {
                var damaged = bytes.ToArray();
                foreach (var (place, mask) in mutations)
                {
                    damaged[place % damaged.Length] ^= mask;
                }

                return damaged.AsSpan().SequenceEqual(bytes) || MessageFrame.TryRead(damaged, out _) != FrameFault.None;
            },
            iter: 5_000);

    [Fact]
    public void Random_bytes_are_no_frame() => Gen.Byte.Array[0, 400].Sample(bytes => MessageFrame.TryRead(bytes, out _) != FrameFault.None, iter: 5_000);

    // An attacker computes checksums too: then nothing may throw, and what is accepted may be walked.
    [Fact]
    public void Forged_frames_with_good_checksums_are_refused_or_whole() => Gen.Select(
        MessageGen.SealedFrames, Gen.Select(Gen.Int[0, 300], Gen.Byte).Array[1, 6], Gen.Bool).Sample(
        (bytes, mutations, isHeaderOnly) =>
        {
            var forged = bytes.ToArray();
            foreach (var (place, value) in mutations)
            {
                forged[(isHeaderOnly ? 96 + (place % 16) : 16 + place) % forged.Length] = value;
            }

            Forge(forged);
            if (MessageFrame.TryRead(forged, out var frame) == FrameFault.None)
            {
                var shown = frame.Body.Length;
                for (var i = 0; i < frame.KvCount; i++)
                {
                    shown += frame.KvAt(i).Key.Length + frame.KvAt(i).Value.Length;
                }

                Assert.True(shown <= frame.Bytes.Length - MessageLimits.FrameHeaderBytes);
            }
        },
        iter: 5_000);

    [Theory]
    [InlineData(FrameLayout.FrameBytes, 0u, FrameFault.Sizes)]
    [InlineData(FrameLayout.FrameBytes, 144u, FrameFault.Sizes)]
    [InlineData(FrameLayout.FrameBytes, uint.MaxValue, FrameFault.Sizes)]
    [InlineData(FrameLayout.KvCount, 1025u, FrameFault.Sizes)]
    [InlineData(FrameLayout.KvCount, uint.MaxValue, FrameFault.Sizes)]
    [InlineData(FrameLayout.KvDataBytes, uint.MaxValue, FrameFault.Sizes)]
    [InlineData(FrameLayout.BodyBytes, uint.MaxValue, FrameFault.Sizes)]
    [InlineData(FrameLayout.BodyBytes, 100u, FrameFault.Sizes)]
    [InlineData(FrameLayout.Reserved, 1u, FrameFault.Sizes)]
    [InlineData(FrameLayout.HeaderEnd, 1u, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 4, 0u, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 4, 2u, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 4, uint.MaxValue, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 8, 0u, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 12, 4u, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 12, 6u, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 12, uint.MaxValue, FrameFault.KvRange)]
    [InlineData(FrameLayout.HeaderEnd + 16, 0xFFu, FrameFault.KvText)]
    public void A_forged_number_is_named(int offset, uint value, FrameFault fault)
    {
        var forged = new MessageDraft("body") { Kv = [("key", "value")] }.ToFrame();
        BinaryPrimitives.WriteUInt32LittleEndian(forged.AsSpan(offset), value);
        Forge(forged);
        Assert.Equal(fault, MessageFrame.TryRead(forged, out _));
    }

    [Fact]
    public void A_byte_in_the_padding_is_noticed_though_no_checksum_covers_it()
    {
        var bytes = new MessageDraft("body").ToFrame();
        bytes[^1] = 1;
        Assert.Equal(FrameFault.Padding, MessageFrame.TryRead(bytes, out _));
    }

    [Fact]
    public void Entries_that_share_bytes_are_refused()
    {
        var forged = new MessageDraft { Kv = [("a", "11111111"), ("b", "22222222")] }.ToFrame();
        forged.AsSpan(FrameLayout.HeaderEnd, 16).CopyTo(forged.AsSpan(FrameLayout.HeaderEnd + 16));
        Forge(forged);
        Assert.Equal(FrameFault.KvRange, MessageFrame.TryRead(forged, out _));
    }

    // Seals what can be sealed: with sizes beyond the frame there is no payload to take a checksum of.
    private static void Forge(byte[] frame)
    {
        var payload = (BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(FrameLayout.KvCount)) * 16L)
            + BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(FrameLayout.KvDataBytes))
            + BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(FrameLayout.BodyBytes));
        if (payload <= frame.Length - FrameLayout.HeaderEnd)
        {
            FrameBuilder.Seal(frame);
        }
        else
        {
            FrameStamp.SealHeader(frame);
        }
    }
}
