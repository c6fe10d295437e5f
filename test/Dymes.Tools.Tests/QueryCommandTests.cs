using System.Text.Json;
using Dymes.Client.Tests.Nodes;
using Dymes.Message;
using Dymes.Testing;

namespace Dymes.Tools.Tests;

public sealed class QueryCommandTests : ToolBench
{
    private string Authority => Address.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task Messages_are_printed_for_people_one_a_line()
    {
        await GivenAsync(
            new MessageDraft("{\"id\":1}") { Id = OldId(1), ChannelName = "orders-42", Kv = [("type", "OrderPlaced")] },
            new MessageDraft { Id = OldId(2), Channel = new ChannelId(UInt128.MaxValue), Bytes = [0xff, 0x00, 0x01] },
            new MessageDraft("two\nlines \u001b[31m") { Id = OldId(3) });

        var run = await RunAsync("query");

        const string Expected = """
            time (UTC)                     lsn  id                          channel             entries and body
            2020-01-26 00:53:20.001          0  01DZGD9E0100000000000000001  orders-42           type=OrderPlaced  {"id":1}
            2020-01-26 00:53:20.002          1  01DZGD9E0200000000000000001  0xfffffffffffffff…  (3 bytes) ff0001
            2020-01-26 00:53:20.003          2  01DZGD9E0300000000000000001  0x0                 two·lines ·[31m

            """;
        Assert.Equal(Expected.Replace("01DZGD9E0100000000000000001", OldId(1).ToString()).Replace("01DZGD9E0200000000000000001", OldId(2).ToString())
            .Replace("01DZGD9E0300000000000000001", OldId(3).ToString()).ReplaceLineEndings("\n"), run.Output);
    }

    [Fact]
    public async Task In_a_narrow_terminal_a_message_has_a_second_line_and_no_line_wraps()
    {
        await GivenAsync(new MessageDraft(new string('x', 200)) { Id = OldId(1), ChannelName = "orders-42", Kv = [("type", "OrderPlaced")] });

        var run = await RunOfflineAsync([], ["query", "--url", Address.AbsoluteUri], columns: 80);

        Assert.Equal(
            ["time (UTC)                     lsn  id", "    channel             entries and body", $"2020-01-26 00:53:20.001          0  {OldId(1)}"], run.Lines.Take(3));
        Assert.StartsWith("    orders-42           type=OrderPlaced  xxx", run.Lines[3], StringComparison.Ordinal);
        Assert.Equal((4, 80), (run.Lines.Length, run.Lines.Max(line => line.Length)));
    }

    [Fact]
    public async Task Messages_are_printed_as_json_one_a_line()
    {
        await GivenAsync(new MessageDraft("{\"id\":1}") { Id = OldId(1), Channel = new ChannelId(702), Routing = 5, Kv = [("type", "x")] });

        var run = await RunAsync("query", "--json", "--body", "json");

        Assert.Equal(
            $$$"""{"id":"{{{OldId(1)}}}","lsn":0,"time":"2020-01-26T00:53:20.001Z","channel":"0x2be","channel_name":null,"routing":"0x5","encoded_correlation_id":null,"kv_entries":[{"key":"type","value":"x"}],"body":{"id":1}}""" + "\n",
            run.Output);
    }

    [Fact]
    public async Task Frames_are_printed_as_they_are_stored()
    {
        await GivenAsync([.. Enumerable.Range(0, 300).Select(size => new MessageDraft { Bytes = new byte[size] })]);

        Assert.Equal(Frames.Join(await Log.ReadAllAsync()), (await RunAsync("query", "--frames")).Bytes);
    }

    [Theory]
    [InlineData("0 1 2 3 4 5 6 7 8 9")]
    [InlineData("9 8 7", "--order", "desc", "--limit", "3")]
    [InlineData("1 4 7", "--channel", "1")]
    [InlineData("1 4 7", "--channel", "0b1")]
    [InlineData("5 3", "--single", "{5}", "--single", "{3}", "--single", "{77}")]
    [InlineData("5 3", "--single", "{5}", "{3}")]
    [InlineData("6 4 2 0", "-c", "{6}")]
    [InlineData("4 6 8", "-c", "{4}", "--direction", "descendants")]
    [InlineData("4", "-c", "{6}", "--channel", "1")]
    [InlineData("3 4 5", "--from-lsn", "3", "--to-lsn", "5")]
    [InlineData("3 4 5", "--start", "{3}", "--end", "{5}")]
    [InlineData("3 4 5", "-s", "2020-01-26T00:53:20.003Z", "-e", "2020-01-26T00:53:20.005Z")]
    [InlineData("", "-s", "now")]
    [InlineData("0 1 2 3 4 5 6 7 8 9", "-s", "2020", "-e", "2020-01")]
    [InlineData("0 2 4 6 8", "--kv", "even")]
    [InlineData("3", "--kv", "n==3")]
    [InlineData("0 2 4", "--kv", "even", "--kv", "n!=6", "-k", "n!=8")]
    [InlineData("", "--kv", "n== 3")]
    [InlineData("3 7", "--narrowing=3")]
    [InlineData("1 2 3 5 6 7 9", "--widening=3")]
    [InlineData("1 5 9", "--narrowing=0b11:0b01")]
    [InlineData("1 5 9", "-n", "3:0x1")]
    public async Task Every_selection_and_filter_selects(string expected, params string[] options)
    {
        await GivenAsync([.. Enumerable.Range(0, 10).Select(number => new MessageDraft($"{number}")
        {
            Id = OldId(number),
            Parent = number < 2 ? MessageId.None : OldId(number - 2),
            Channel = new ChannelId((UInt128)(number % 3)),
            Routing = (UInt128)number,
            Kv = number % 2 == 0 ? [("even", ""), ("n", $"{number}")] : [("n", $"{number}")],
        })]);

        var run = await RunAsync(["query", "--frames", .. options.Select(option => option.StartsWith('{') ? OldId(int.Parse(option[1..^1], System.Globalization.CultureInfo.InvariantCulture)).ToString() : option)]);

        Assert.Equal((0, expected), (run.ExitCode, string.Join(' ', Frames.Split(run.Bytes).Select(LogReading.BodyOf))));
    }

    [Theory]
    [Trait("original", "defect 5")]
    [InlineData("now+1h", "later")]
    [InlineData("now-1h", "now later")]
    [InlineData("now", "now later")]
    [InlineData("sod", "now later")]
    public async Task Now_plus_an_hour_is_later(string start, string expected)
    {
        var now = Clock.GetUtcNow();
        await GivenAsync(
            new MessageDraft("earlier") { Id = MessageId.FirstAt(now.AddDays(-1).ToUnixTimeMilliseconds()) },
            new MessageDraft("now") { Id = MessageId.FirstAt(now.ToUnixTimeMilliseconds()) },
            new MessageDraft("later") { Id = MessageId.FirstAt(now.AddHours(1).ToUnixTimeMilliseconds()) });

        var run = await RunAsync("query", "--frames", "--start", start);

        Assert.Equal(expected, string.Join(' ', Frames.Split(run.Bytes).Select(LogReading.BodyOf)));
    }

    [Fact]
    [Trait("original", "defect 5")]
    public async Task Milliseconds_of_a_time_count()
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await GivenAsync(
            new MessageDraft("before") { Id = MessageId.LastAt(now - 1) }, new MessageDraft("within") { Id = MessageId.FirstAt(now) }, new MessageDraft("behind") { Id = MessageId.FirstAt(now + 1) });

        var run = await RunAsync("query", "--frames", "-s", "now", "-e", "now");

        Assert.Equal(["within"], Frames.Split(run.Bytes).Select(LogReading.BodyOf));
    }

    [Theory]
    [InlineData("--single", "short")]
    [InlineData("--start", "yesterday")]
    [InlineData("--narrowing", "1:2:3")]
    [InlineData("--kv", "==x")]
    [InlineData("--limit", "0")]
    [InlineData("--order", "up")]
    [InlineData("--direction", "sideways")]
    public async Task A_bad_option_is_refused_by_name(string option, string value)
    {
        var run = await RunAsync("query", option, value);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(option.TrimStart('-'), run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_tail_prints_what_comes_until_its_limit()
    {
        await GivenAsync(new MessageDraft("old"));

        var all = await RunAsync("tail", "--all", "--limit", "1", "--frames");
        var from = await RunAsync("tail", "--from-lsn", "0", "--limit", "1", "--frames");
        var watched = new WatchedLog(Log);
        await using var node = await TestNode.StartAsync(watched, clock: Clock);
        var following = RunOfflineAsync([], ["tail", "--limit", "2", "--frames", "--kv", "wanted", "--url", node.Address.AbsoluteUri]);
        await watched.Subscribed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await GivenAsync(new MessageDraft("unwanted"), new MessageDraft("new") { Kv = [("wanted", "")] }, new MessageDraft("newer") { Kv = [("wanted", "")] });

        Assert.Equal(["old"], Frames.Split(all.Bytes).Select(LogReading.BodyOf));
        Assert.Equal(all.Bytes, from.Bytes);
        Assert.Equal(["new", "newer"], Frames.Split((await following).Bytes).Select(LogReading.BodyOf));
    }

    [Fact]
    public async Task The_status_of_each_node_is_printed_and_one_that_does_not_answer_hides_none()
    {
        var urls = $"{Address},http://127.0.0.1:1,{Address}";

        var people = await RunOfflineAsync([], ["status", "--url", urls]);
        var program = await RunOfflineAsync([], ["status", "--json", "--url", urls]);

        var block = $"node      {Authority}\nstate     ready\nmessages  0\n";
        Assert.StartsWith(block, people.Output, StringComparison.Ordinal);
        Assert.Contains($"\n\n{block}", people.Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", people.Error, StringComparison.Ordinal);
        Assert.Equal([Authority, Authority], program.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("node").GetString()));
        Assert.Equal((19, 19), (people.ExitCode, program.ExitCode));
    }

    [Fact]
    public async Task The_status_is_printed_for_people_and_programs()
    {
        await GivenAsync(new MessageDraft("a") { Id = OldId(1) });

        var people = await RunAsync("status");
        var program = await RunAsync("status", "--json");

        Assert.Equal(0, people.ExitCode);
        Assert.Contains("state     ready\nmessages  1\n", people.Output, StringComparison.Ordinal);
        Assert.StartsWith($$"""{"node":"{{Authority}}","condition":"ready","detail":null,"next_lsn":1,"last_id":"{{OldId(1)}}",""", program.Output, StringComparison.Ordinal);
    }
}
