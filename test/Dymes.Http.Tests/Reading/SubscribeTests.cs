using System.Net.Http.Headers;
using Dymes.Http.Tests.Server;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Http.Tests.Reading;

public sealed class SubscribeTests
{
    private const string Path = "/api/v1/subscribe";

    [Fact]
    public async Task History_comes_first_and_then_what_is_new()
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync(new MessageDraft("a\nb"), new MessageDraft("{\n}"));
        using var connection = await OpenAsync(server, Path + "?body=json");

        Assert.True(await connection.SeeAsync("event: caught-up\ndata: {}\n\n"));
        Assert.Contains("content-type: text/event-stream", connection.Seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("id: 0\ndata: {\"id\":", connection.Seen, StringComparison.Ordinal);
        Assert.Contains("\"body\":{ }}\n\n", connection.Seen, StringComparison.Ordinal);
        await server.AppendAsync(new MessageDraft("new"));
        Assert.True(await connection.SeeAsync("id: 2\ndata: "));
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("?from_lsn=2", "", 2)]
    [InlineData("", "Last-Event-ID: 0\r\n", 1)]
    [InlineData("?from_lsn=2", "Last-Event-ID: 0\r\n", 2)]
    [InlineData("?from_lsn=0", "Last-Event-ID: 2\r\n", 3)]
    public async Task It_begins_where_the_client_wants_it_or_behind_the_last_event_it_saw(string query, string header, int first)
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync([.. Enumerable.Range(0, 4).Select(i => new MessageDraft($"{i}"))]);
        using var connection = await OpenAsync(server, Path + query, header);

        Assert.True(await connection.SeeAsync("caught-up"));

        for (var lsn = 0; lsn < 4; lsn++)
        {
            Assert.Equal(lsn >= first, connection.Seen.Contains($"id: {lsn}\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_quiet_subscription_shows_that_it_lives()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { HeartbeatInterval = TimeSpan.FromMilliseconds(100) });
        using var connection = await OpenAsync(server, Path);

        Assert.True(await connection.SeeAsync(": heartbeat\n\n"));
    }

    [Fact]
    public async Task Frames_come_with_marks_between_them()
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync(new MessageDraft("a"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages:subscribe") { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Accept", "application/vnd.dymes.frames");
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();

        var frame = (await server.Log.ReadAllAsync())[0];
        var bytes = new byte[frame.Length + FrameStreamMark.SizeBytes];
        await stream.ReadExactlyAsync(bytes);

        Assert.Equal(frame, bytes[..frame.Length]);
        Assert.True(FrameStreamMark.TryRead(bytes.AsSpan(frame.Length), out var mark));
        Assert.Equal((FrameStreamMarkKind.CaughtUp, new QueryPosition(0, LogReading.IdOf(frame))), (mark.Kind, mark.Position));
    }

    [Fact]
    public async Task A_limit_ends_it()
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync(new MessageDraft("a"), new MessageDraft("b"));

        var answer = await server.GetAsync(Path + "?limit=2");

        Assert.Equal(2, answer.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Count(item => item.StartsWith("id: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_cannot_be_followed_is_refused()
    {
        await using var server = await DymesServer.StartAsync();

        (await server.GetAsync(Path + "?order=desc")).Problem(400, "invalid-argument", "order");
        (await server.GetAsync(Path + "?ids=01K7068MQWRDT23X6TK4QCT5NS")).Problem(400, "invalid-argument");
        (await server.GetAsync(Path, ("Last-Event-ID", "x"))).Problem(400, "invalid-argument", "Last-Event-ID");
        (await server.GetAsync(Path, ("Accept", "application/json"))).Problem(406, "not-acceptable");
    }

    [Fact]
    public async Task More_subscriptions_than_there_are_places_are_429_until_one_leaves()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { SubscriptionsMax = 1, HeartbeatInterval = TimeSpan.FromMilliseconds(100) });
        var connection = await OpenAsync(server, Path);
        Assert.True(await connection.SeeAsync("caught-up"));
        (await server.GetAsync(Path + "?limit=1")).Problem(429, "overloaded");
        await server.AppendAsync(new MessageDraft("a"));

        connection.Break();

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await server.GetAsync(Path + "?limit=1")).Status != 200)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_stop_of_the_node_ends_subscriptions()
    {
        var server = await DymesServer.StartAsync();
        using var connection = await OpenAsync(server, Path);
        Assert.True(await connection.SeeAsync("caught-up"));

        var stopping = server.DisposeAsync();

        Assert.True(await connection.SeeAsync("0\r\n\r\n"));
        await stopping;
    }

    private static async Task<RawConnection> OpenAsync(DymesServer server, string path, string header = "")
    {
        var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n{header}\r\n");
        return connection;
    }
}
