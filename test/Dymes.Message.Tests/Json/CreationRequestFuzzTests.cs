using System.Buffers;
using System.Text;
using Dymes.Common;
using Dymes.Message.Json;

namespace Dymes.Message.Tests.Json;

public sealed class CreationRequestFuzzTests
{
    private const int Rounds = 60_000;

    private static readonly string[] Seeds =
    [
        """{"channel":702,"routing":"0x5","encoded_correlation_id":"01K7068MQWRDT23X6TK4QCT5NS","kv_entries":[{"key":"type","value":"OrderPlaced"}],"encoded_msg_body":"eyJpZCI6MX0="}""",
        """{"channel":"orders-\u00e942","body":{"a":[1,2.5e3,null,true,"\ud83d\ude00"]},"expected_version":-1}""",
        """{"id":"01K7068MQWRDT23X6TK4QCT5NS","correlation_id":"00000000000000000000000000","channel":340282366920938463463374607431768211455,"routing":0,"headers":[{"key":"a","value":"b"},{"key":"dymes:idempotency","value":"1:k"}],"content":"AQI"}""",
    ];

    private static readonly byte[][] Splinters =
    [
        "\""u8.ToArray(), "\\"u8.ToArray(), "\\ud800"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "[["u8.ToArray(), "],"u8.ToArray(), "null"u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(),
        "99999999999999999999999999999999999999999"u8.ToArray(), [0xFF], [0xC3, 0x28], [0], "="u8.ToArray(), "dymes:"u8.ToArray(), "\"body\":"u8.ToArray(), "\uFEFF"u8.ToArray(), "\n"u8.ToArray(),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_comes_is_a_good_frame_or_a_refusal_that_names_a_place(int seed)
    {
        var random = new Random(seed);
        var reader = new CreationRequestReader();
        var accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var json = Mutate(random, Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
            var frames = new ArrayBufferWriter<byte>(256);
            try
            {
                reader.Read(json, frames, (RequestIds)random.Next(3));
                Assert.Equal(FrameFault.None, MessageFrame.TryRead(frames.WrittenSpan, out _));
                accepted++;
            }
            catch (DymesException error)
            {
                Assert.True(error.Code is ErrorCode.InvalidArgument or ErrorCode.TooLarge, error.Code.ToString());
                Assert.NotNull(error.Field);
                Assert.Equal(0, frames.WrittenCount);
            }
        }

        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    private static byte[] Mutate(Random random, byte[] json)
    {
        var bytes = new List<byte>(json);
        for (var strokes = random.Next(4); strokes >= 0 && bytes.Count > 0; strokes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Splinters[random.Next(Splinters.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1));
                    break;
                default:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 40), bytes.Count - from)));
                    break;
            }
        }

        return [.. bytes];
    }
}
