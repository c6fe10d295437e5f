using System.Buffers;
using System.Text;
using Dymes.Message.Json;

namespace Dymes.Benchmarks.Micro;

/// <summary>Messages as services write them: a body of 1 KiB, two headers, a channel by number.</summary>
internal static class SampleMessages
{
    public const int BodyBytes = 1024;

    /// <summary>A creation request whose body is base64, as the original's clients send it.</summary>
    public static byte[] CreationRequest(int channel, int bodyBytes = BodyBytes)
    {
        var body = Convert.ToBase64String(Body(channel, bodyBytes));
        return Encoding.UTF8.GetBytes(
            $$"""{"channel":{{channel}},"routing":"0x5","kv_entries":[{"key":"type","value":"OrderPlaced"},{"key":"tenant","value":"acme"}],"encoded_msg_body":"{{body}}"}""");
    }

    /// <summary>Frames of such messages, back to back, over the channels from the first one on.</summary>
    public static byte[] Frames(int count, int channels, int bodyBytes = BodyBytes, int firstChannel = 0)
    {
        var reader = new CreationRequestReader();
        var frames = new ArrayBufferWriter<byte>(count * (bodyBytes + 256));
        for (var i = 0; i < count; i++)
        {
            reader.Read(CreationRequest(firstChannel + (i % channels), bodyBytes), frames);
        }

        return frames.WrittenSpan.ToArray();
    }

    public static byte[] Body(int seed, int bodyBytes = BodyBytes)
    {
        var body = new byte[bodyBytes];
        new Random(seed).NextBytes(body);
        return body;
    }
}
