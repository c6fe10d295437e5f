using Dymes.Message;
using Dymes.Testing;

namespace Dymes.Tools.Tests;

public sealed class AppendCommandTests : ToolBench
{
    [Fact]
    public async Task A_message_is_appended_as_told_and_its_place_is_printed()
    {
        await GivenAsync(new MessageDraft("parent") { Id = OldId(1) });

        var run = await RunAsync("append", "hello", "--channel", "orders-42", "--routing", "0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe", "--kv", "type=Order=Placed", "empty=", "-c", OldId(1).ToString());

        var stored = (await Log.ReadAllAsync())[1];
        Assert.Equal((0, $"{LogReading.IdOf(stored)}  lsn 1  version 1\n", ""), (run.ExitCode, run.Output, run.Error));
        var expected = new MessageDraft("hello") { ChannelName = "orders-42", Routing = UInt128.MaxValue - 1, Kv = [("type", "Order=Placed"), ("empty", "")], Parent = OldId(1) };
        var frame = Frames.First(stored);
        Assert.Equal("hello", LogReading.BodyOf(stored));
        Assert.Equal((expected.Channel, expected.Routing, OldId(1)), (frame.Channel, frame.Routing, frame.CorrelationId));
        Assert.True(frame.TryGetKv("type"u8, out var type) && type.SequenceEqual("Order=Placed"u8));
        Assert.True(frame.TryGetKv("empty"u8, out var empty) && empty.IsEmpty);
        Assert.Equal("orders-42", (await Log.FindChannelAsync(ChannelId.OfName("orders-42")))!.Name);
    }

    [Fact]
    public async Task The_body_comes_from_standard_input_or_a_file_byte_for_byte()
    {
        byte[] body = [0, 255, 10, 13, 200];
        await File.WriteAllBytesAsync(PathOf("body"), body);

        Assert.Equal(0, (await RunAsync(body, ["append"])).ExitCode);
        Assert.Equal(0, (await RunAsync("append", "--file", PathOf("body"))).ExitCode);
        Assert.Equal(0, (await RunAsync("append", "")).ExitCode);
        Assert.Equal(0, (await RunAsync("append", "@no-response-file")).ExitCode);

        Assert.Equal([body, body, [], "@no-response-file"u8.ToArray()], (await Log.ReadAllAsync()).Select(frame => Frames.First(frame).Body.ToArray()));
    }

    [Fact]
    public async Task With_json_the_receipt_is_a_document()
    {
        var run = await RunAsync("append", "a", "--id", OldId(7).ToString(), "--json");

        Assert.Equal($$"""{"outcome":"appended","id":"{{OldId(7)}}","lsn":0,"channel_version":1}""" + "\n", run.Output);
    }

    [Fact]
    public async Task The_same_key_again_is_answered_as_the_first_time()
    {
        var first = await RunAsync("append", "a", "--idempotency-key", "k");
        var again = await RunAsync("append", "a", "--idempotency-key", "k");
        var other = await RunAsync("append", "b", "--idempotency-key", "k");

        Assert.Equal(first.Output.TrimEnd() + "  (was there before)\n", again.Output);
        Assert.Equal((8, ""), (other.ExitCode, other.Output));
        Assert.Single(await Log.ReadAllAsync());
    }

    [Fact]
    public async Task A_version_that_does_not_hold_is_told_with_the_one_that_does()
    {
        Assert.Equal(0, (await RunAsync("append", "a", "--channel", "5", "--expected-version", "0")).ExitCode);
        Assert.Equal(0, (await RunAsync("append", "a", "--channel", "5", "--expected-version", "-1")).ExitCode);

        var run = await RunAsync("append", "a", "--channel", "5", "--expected-version", "0");

        Assert.Equal(5, run.ExitCode);
        Assert.Equal("dymes: The channel holds 2 messages, which is not the version expected. Read what is new, then decide again.\n", run.Error);
    }

    [Theory]
    [InlineData(2, "--channel", "340282366920938463463374607431768211456")]
    [InlineData(2, "--routing", "x")]
    [InlineData(2, "--kv", "novalue")]
    [InlineData(2, "--kv", "dymes:channel=x")]
    [InlineData(2, "--correlation", "short")]
    [InlineData(2, "--expected-version", "-2")]
    [InlineData(2, "--no-such-option", "x")]
    [InlineData(2, "--url", "ftp://x")]
    [InlineData(9, "--correlation", "01K7068MQWRDT23X6TK4QCT5NS")]
    public async Task A_bad_option_is_named_and_has_its_exit_code(int exitCode, string option, string value)
    {
        var run = await RunOfflineAsync([], ["append", "a", option, value, .. option == "--url" ? Array.Empty<string>() : ["--url", Address.AbsoluteUri]]);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("dymes: ", run.Error, StringComparison.Ordinal);
        Assert.True(exitCode != 2 || option == "--url" || run.Error.Contains(option, StringComparison.Ordinal), run.Error);
        Assert.Empty(await Log.ReadAllAsync());
    }

    [Fact]
    public async Task A_body_that_no_message_holds_is_too_large()
    {
        var run = await RunAsync(new byte[MessageLimits.FrameBytesMax + 1], ["append"]);

        Assert.Equal(6, run.ExitCode);
        Assert.Contains(MessageLimits.FrameBytesMax.ToString(System.Globalization.CultureInfo.InvariantCulture), run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_node_is_found_by_url_host_and_port_or_the_environment()
    {
        Assert.Equal(0, (await RunOfflineAsync([], ["append", "a", "-H", Address.Host, "-p", $"{Address.Port}"])).ExitCode);
        Assert.Equal(0, (await RunOfflineAsync([], ["append", "a"], name => name == "DYMES_URL" ? Address.AbsoluteUri : null)).ExitCode);
        Assert.Equal(2, (await RunOfflineAsync([], ["append", "a", "--url", Address.AbsoluteUri, "-p", "1"])).ExitCode);
        Assert.Equal(19, (await RunOfflineAsync([], ["append", "a", "--retry", "0ms", "--url", "http://127.0.0.1:1"])).ExitCode);
        Assert.Equal(2, (await Log.ReadAllAsync()).Count);
    }
}
