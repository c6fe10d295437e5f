using System.Globalization;
using System.Text.Json;
using Dymes.Common;
using Dymes.Http.Tests.Server;
using Dymes.Message;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Http.Tests.Reading;

public sealed class QueryTests
{
    private const string Path = "/api/v1/messages";

    [Fact]
    public async Task Every_parameter_narrows_the_answer()
    {
        await using var server = await DymesServer.StartAsync();
        var root = (await server.AppendAsync(new MessageDraft("a") { ChannelName = "ch", Routing = 1, Kv = [("k", "1")] }))[0];
        var child = (await server.AppendAsync(new MessageDraft("b") { Parent = Id(root), Routing = 3, Kv = [("k", "2")] }))[0];
        var leaf = (await server.AppendAsync(new MessageDraft("c") { Parent = Id(child), ChannelName = "ch", Routing = 6 }))[0];
        await server.AppendAsync(new MessageDraft("d") { Channel = new ChannelId(9) });

        await ShowsAsync(server, "abcd", "");
        await ShowsAsync(server, "dcba", "order=desc");
        await ShowsAsync(server, "bc", "from_lsn=1&to_lsn=2");
        await ShowsAsync(server, "", "from_lsn=4");
        await ShowsAsync(server, "", "from_lsn=3&to_lsn=1");
        await ShowsAsync(server, "bc", $"from={child}&to={leaf}");
        await ShowsAsync(server, "abcd", "from=sod&to=now");
        await ShowsAsync(server, "abcd", "from=2026-03-14&to=2026-03-14&by=log");
        await ShowsAsync(server, "", "from=now+1h");
        await ShowsAsync(server, "", "to=now-1h");
        await ShowsAsync(server, "ac", "channel=ch");
        await ShowsAsync(server, "d", "channel=0x9");
        await ShowsAsync(server, "d", "channel=9");
        await ShowsAsync(server, "cba", $"correlation={leaf}");
        await ShowsAsync(server, "abc", $"correlation={root}&direction=descendants");
        await ShowsAsync(server, "ca", $"ids={leaf},{MessageId.Max}&ids={root}");
        await ShowsAsync(server, "ab", "kv=k");
        await ShowsAsync(server, "b", "kv=k==2");
        await ShowsAsync(server, "bcd", "kv=k!=1");
        await ShowsAsync(server, "cd", "kv=k!=1&kv=k!=2");
        await ShowsAsync(server, "bc", "widening=0b10");
        await ShowsAsync(server, "b", "narrowing=3");
        await ShowsAsync(server, "bc", "narrowing=0x2");
        await ShowsAsync(server, "ab", "narrowing=5:1");
        await ShowsAsync(server, "ab", "limit=2");
    }

    [Fact]
    public async Task Filters_narrow_a_correlation_query_too()
    {
        await using var server = await DymesServer.StartAsync();
        var root = (await server.AppendAsync(new MessageDraft("a") { Channel = new ChannelId(1), Kv = [("k", "1")] }))[0];
        var child = (await server.AppendAsync(new MessageDraft("b") { Parent = Id(root) }))[0];

        await ShowsAsync(server, "a", $"correlation={child}&kv=k");
        await ShowsAsync(server, "b", $"correlation={child}&kv=k!=1");
        await ShowsAsync(server, "a", $"correlation={child}&channel=1");
        await ShowsAsync(server, "b", $"correlation={root}&direction=descendants&channel=0");
        await ShowsAsync(server, "a", $"ids={root},{child}&channel=1");
    }

    [Theory]
    [InlineData("chanel=1", "chanel")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("from_lsn=x", "from_lsn")]
    [InlineData("to_lsn=9223372036854775808", "to_lsn")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13", "to")]
    [InlineData("channel=", "channel")]
    [InlineData("channel=340282366920938463463374607431768211456", "channel")]
    [InlineData("correlation=x", "correlation")]
    [InlineData("direction=descendants", "direction")]
    [InlineData("correlation=01K7068MQWRDT23X6TK4QCT5NS&direction=up", "direction")]
    [InlineData("correlation=01K7068MQWRDT23X6TK4QCT5NS&ids=01K7068MQWRDT23X6TK4QCT5NS", "ids")]
    [InlineData("correlation=01K7068MQWRDT23X6TK4QCT5NS&order=desc", "order")]
    [InlineData("ids=", "ids")]
    [InlineData("ids=a,b", "ids")]
    [InlineData("ids=01K7068MQWRDT23X6TK4QCT5NS&by=time", "by")]
    [InlineData("kv=", "kv")]
    [InlineData("widening=x", "widening")]
    [InlineData("narrowing=1:y", "narrowing")]
    [InlineData("order=up", "order")]
    [InlineData("by=name", "by")]
    [InlineData("body=xml", "body")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=.01K7068MQWRDT23X6TK4QCT5NS", "cursor")]
    public async Task A_bad_parameter_is_400_with_its_name(string query, string field)
    {
        await using var server = await DymesServer.StartAsync();

        (await server.GetAsync($"{Path}?{query}")).Problem(400, "invalid-argument", field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&order=desc")]
    [InlineData("&from=now-1d&to=now")]
    [InlineData("&from=now-1d&order=desc&by=log")]
    [InlineData("&kv=even")]
    [InlineData("&channel=1")]
    public async Task Pages_follow_each_other_by_link_and_by_cursor_without_gap_or_repeat(string parameters)
    {
        var clock = new SteppingClock();
        await using var server = await DymesServer.StartAsync(new InMemoryMessageLog(clock, new Random(1).NextBytes), clock: clock);
        await server.AppendAsync([.. Enumerable.Range(0, 25).Select(i => new MessageDraft(i.ToString(CultureInfo.InvariantCulture))
        {
            Channel = new ChannelId((uint)i % 2), Kv = i % 2 == 0 ? [("even", "")] : [],
        })]);
        var whole = Bodies((await server.GetAsync($"{Path}?body=text{parameters}")).Json);

        var byLink = new List<string>();
        var byCursor = new List<string>();
        var link = $"{Path}?body=text&limit=4{parameters}";
        string? cursor = null;
        while (link is not null)
        {
            clock.Step(TimeSpan.FromMilliseconds(7));
            var page = await server.GetAsync(link);
            byLink.AddRange(Bodies(page.Json));
            byCursor.AddRange(Bodies((await server.GetAsync($"{Path}?body=text&limit=4{parameters}{(cursor is null ? "" : "&cursor=" + cursor)}")).Json));
            cursor = page.Json.GetProperty("next").GetString();
            Assert.Equal(cursor, page.Header("Dymes-Next"));
            link = page.Header("Link")?.Split('<', '>')[1];
        }

        Assert.Equal(whole, byLink);
        Assert.Equal(whole, byCursor);
    }

    [Fact]
    public async Task A_cursor_of_another_query_is_refused()
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync(new MessageDraft("a"), new MessageDraft("b"));
        var cursor = (await server.GetAsync(Path + "?limit=1")).Json.GetProperty("next").GetString();

        Assert.Equal(200, (await server.GetAsync($"{Path}?limit=5&cursor={cursor}")).Status);
        (await server.GetAsync($"{Path}?limit=1&order=desc&cursor={cursor}")).Problem(400, "invalid-argument", "cursor");
    }

    [Fact]
    public async Task The_same_messages_come_as_json_lines_and_frames()
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync([.. Enumerable.Range(0, 12).Select(i => new MessageDraft("{\n\"i\":" + i + "}"))]);

        var json = await server.GetAsync(Path + "?body=json");
        var lines = await server.GetAsync(Path + "?body=json", ("Accept", "application/x-ndjson"));
        var frames = await server.GetAsync(Path, ("Accept", "application/vnd.dymes.frames"));
        var page = await server.GetAsync(Path + "?limit=5", ("Accept", "application/vnd.dymes.frames"));

        Assert.Equal(("application/json", "application/x-ndjson", "application/vnd.dymes.frames"), (json.Type, lines.Type, frames.Type));
        Assert.Equal(json.Json.GetProperty("messages").EnumerateArray().Select(message => message.GetRawText()), lines.Lines.Select(line => line.GetRawText()));
        Assert.Equal(Frames.Join(await server.Log.ReadAllAsync()), frames.Bytes);
        Assert.Equal(Frames.Join((await server.Log.ReadAllAsync()).Take(5)), page.Bytes);
        Assert.NotNull(page.Header("Link"));
        (await server.GetAsync(Path, ("Accept", "text/csv"))).Problem(406, "not-acceptable");
    }

    [Fact]
    public async Task An_empty_answer_is_empty_in_every_form()
    {
        await using var server = await DymesServer.StartAsync();

        Assert.Equal("""{"messages":[],"next":null}""", (await server.GetAsync(Path)).Text);
        Assert.Equal((200, "application/x-ndjson", ""), Shape(await server.GetAsync(Path, ("Accept", "application/x-ndjson"))));
        Assert.Equal((200, "application/vnd.dymes.frames", ""), Shape(await server.GetAsync(Path, ("Accept", "application/vnd.dymes.frames"))));
    }

    [Fact]
    public async Task A_question_may_come_as_json()
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync([.. Enumerable.Range(0, 20).Select(i => new MessageDraft($"{i}") { Channel = new ChannelId((uint)i % 2) })]);

        var page = await server.PostAsync(Path + ":query?body=text", """{"select":{"channel":1},"order":"desc","limit":3}""");
        var lines = await server.PostAsync(Path + ":query", """{"select":{"channel":1},"limit":3}""", ("Accept", "application/x-ndjson"));

        Assert.Equal(["19", "17", "15"], Bodies(page.Json));
        Assert.Equal([ids[1], ids[3], ids[5]], lines.Lines.Select(line => line.GetProperty("id").GetString()));
        (await server.PostAsync(Path + ":query", """{"selekt":"log"}""")).Problem(400, "invalid-argument", "/selekt");
        (await server.SendAsync("POST", Path + ":query", "{}", "text/plain")).Problem(415, "unsupported-media-type");
    }

    [Fact]
    public async Task A_page_of_large_messages_ends_before_its_limit_and_goes_on()
    {
        await using var server = await DymesServer.StartAsync();
        var body = new byte[1_900_000];
        for (var i = 0; i < 24; i += 2)
        {
            await server.AppendAsync(new MessageDraft { Bytes = body }, new MessageDraft { Bytes = body });
        }

        var counts = new List<int>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await server.GetAsync($"{Path}?limit=1000{cursor}", ("Accept", "application/vnd.dymes.frames"));
            Assert.InRange(page.Bytes.Length, 1, 32 * 1024 * 1024);
            counts.Add(Frames.Split(page.Bytes).Count);
            cursor = page.Header("Dymes-Next") is { } next ? "&cursor=" + next : null;
        }

        Assert.Equal(24, counts.Sum());
        Assert.InRange(counts.Count, 2, 5);
    }

    [Fact]
    public async Task A_query_that_fails_midway_does_not_look_complete()
    {
        var log = new StubbornLog(new InMemoryMessageLog()) { QueryFailure = new DymesException(ErrorCode.StorageDamaged, "A bad block.") };
        await using var server = await DymesServer.StartAsync(log);
        await server.AppendAsync(new MessageDraft("a"));

        (await server.GetAsync(Path)).Problem(500, "storage-damaged");
        await Assert.ThrowsAsync<HttpRequestException>(() => server.GetAsync(Path, ("Accept", "application/x-ndjson")));
    }

    private static (int Status, string? Type, string Text) Shape(Answer answer) => (answer.Status, answer.Type, answer.Text);

    private static async Task ShowsAsync(DymesServer server, string bodies, string query)
    {
        var answer = await server.GetAsync($"{Path}?body=text&{query}");
        Assert.True(answer.Status == 200, $"{query}: {answer.Text}");
        Assert.Equal((query, bodies), (query, string.Concat(Bodies(answer.Json))));
    }

    private static List<string> Bodies(JsonElement page) => [.. page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()!)];

    private static MessageId Id(string text) => MessageId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
