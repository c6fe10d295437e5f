using System.Text;
using System.Text.RegularExpressions;

namespace Dymes.Message.Tests.Framing;

/// <summary>The example of doc/file-format.md is what the code writes.</summary>
public sealed class FrameExampleTests
{
    [Fact]
    public void The_example_of_the_document_is_the_frame_that_it_describes()
    {
        var document = File.ReadAllText(FindDocument());
        var dump = Regex.Match(document, "^```hex\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(Dump(Example()), dump);
    }

    private static byte[] Example()
    {
        Assert.True(MessageId.TryParse("01K7068QPC0000000000000002", out var id));
        Assert.True(MessageId.TryParse("01K7068MQW0000000000000001", out var parent));
        var builder = new FrameBuilder { CorrelationId = parent, Channel = new ChannelId(702), Routing = 5 };
        builder.AddKv("type"u8, "OrderPaid"u8);
        var frame = builder.Build("{\"id\":1}"u8);
        FrameStamp.Stamp(frame, new Lsn(17), id);
        return frame;
    }

    /// <summary>Lines of an offset, sixteen bytes and their characters, as hexdump -C shows them.</summary>
    private static string Dump(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var offset = 0; offset < bytes.Length; offset += 16)
        {
            var line = bytes[offset..(offset + 16)].ToArray();
            var characters = string.Concat(line.Select(octet => octet is >= 32 and < 127 ? (char)octet : '.'));
            text.Append($"{offset:x4}  {string.Join(' ', line.Select(octet => octet.ToString("x2")))}  {characters}".TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static string FindDocument()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "doc", "file-format.md")))
        {
            directory = directory.Parent ?? throw new FileNotFoundException("No doc/file-format.md above the tests.");
        }

        return Path.Combine(directory.FullName, "doc", "file-format.md");
    }
}
