using System.Text;
using Dymes.Http.Tests.Server;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Http.Tests.Hostile;

public sealed class HostileRequestTests
{
    private const string Path = "/api/v1/messages";

    [Theory]
    [InlineData("{\"channel\":", 400)]
    [InlineData("{\"channel\":1e999}", 400)]
    [InlineData("{\"kv_entries\":[{\"key\":\"\\ud800\",\"value\":\"\"}]}", 400)]
    [InlineData("{\"\\ud800\":1}", 400)]
    [InlineData("\u0000", 400)]
    [InlineData("nul", 400)]
    public async Task Broken_json_is_400(string body, int status)
    {
        await using var server = await DymesServer.StartAsync();

        foreach (var (method, path) in new[] { ("POST", Path), ("PUT", Path + "/01K7068MQWRDT23X6TK4QCT5NS"), ("POST", "/api/v1/import"), ("POST", "/api/v1/cursors"), ("POST", Path + ":query"), ("POST", Path + ":subscribe") })
        {
            (await server.SendAsync(method, path, body)).Problem(status, "invalid-argument");
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_400_wherever_they_stand()
    {
        await using var server = await DymesServer.StartAsync();
        foreach (var json in new[] { "{\"channel\":\"\xFF\"}", "{\"\xC3\x28\":1}", "{\"kv_entries\":[{\"key\":\"a\xFF\",\"value\":\"\"}]}", "{\"body\":\"\xFF\"}", "{\"query_dto\":{\"query_single\":\"\xFF\"}}", "{\"select\":\"\xFF\"}", "{\"\xFF\":{}}" })
        {
            var body = Encoding.Latin1.GetBytes(json);
            foreach (var path in new[] { Path, "/api/v1/import", "/api/v1/cursors", Path + ":query" })
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                var answer = await Answer.ReadAsync(await server.Client.PostAsync(path, content));
                Assert.True(answer.Status == 400, $"{path} {json}: {answer.Status}");
            }
        }
    }

    [Fact]
    public async Task Ten_thousand_entries_and_deep_nesting_are_refused()
    {
        await using var server = await DymesServer.StartAsync();
        var entries = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"key":"{{i}}","value":""}"""));

        (await server.PostAsync(Path, $$"""{"kv_entries":[{{entries}}]}""")).Problem(413, "too-large", "/kv_entries");
        foreach (var path in new[] { Path, "/api/v1/cursors", Path + ":query" })
        {
            (await server.PostAsync(path, "{\"body\":" + new string('[', 500_000))).Problem(400, "invalid-argument");
        }
    }

    [Fact]
    public async Task A_body_without_end_is_cut_off_at_the_limit()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { RequestBytesMax = 1024 * 1024 });
        foreach (var path in new[] { Path, "/api/v1/cursors", Path + ":query" })
        {
            using var connection = await RawConnection.OpenAsync(server.Address);
            await connection.SendAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            var chunk = $"10000\r\n{new string(' ', 65536)}\r\n";
            var answered = connection.SeeAsync("413 ");
            try
            {
                for (var sent = 0; sent < 64 && !answered.IsCompleted; sent++)
                {
                    await connection.SendAsync(chunk);
                }
            }
            catch (IOException)
            {
                // The server does not take any more.
            }

            Assert.True(await answered, path);
        }
    }

    [Theory]
    [InlineData("POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "400 ")]
    [InlineData("POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n", "400 ")]
    [InlineData("POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400 ")]
    [InlineData("GARBAGE\r\n\r\n", "400 ")]
    [InlineData("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "404 ")]
    [InlineData("GET /api/v1/messages?%zz=%00 HTTP/1.1\r\nHost: x\r\n\r\n", "400 ")]
    [InlineData("GET /api/v1/channels/%2e%2e%2f%ff HTTP/1.1\r\nHost: x\r\n\r\n", "40")]
    [InlineData("GET /api/v1/messages HTTP/1.1\r\nHost: x\r\nAccept: ;;;\r\n\r\n", "400 ")]
    [InlineData("GET /api/v1/messages HTTP/1.1\r\nHost: x\r\nDymes-Min-Lsn: \xFF\r\n\r\n", "400 ")]
    public async Task Nonsense_on_the_wire_is_refused(string request, string status)
    {
        await using var server = await DymesServer.StartAsync();
        using var connection = await RawConnection.OpenAsync(server.Address);

        await connection.SendAsync(request);

        Assert.True(await connection.SeeAsync("HTTP/1.1 " + status), connection.Seen);
        await LivesAsync(server);
    }

    [Fact]
    public async Task Clients_that_hang_up_midway_harm_nobody()
    {
        await using var server = await DymesServer.StartAsync();
        var body = $$"""{"encoded_msg_body":"{{new string('A', 400_000)}}"}""";
        foreach (var (path, type) in new[] { (Path, "application/json"), (Path + ":batch", "application/x-ndjson"), (Path + ":batch?atomic=true", "application/x-ndjson"), (Path + ":batch", "application/vnd.dymes.frames"), ("/api/v1/import", "application/json"), ("/api/v1/cursors", "application/json") })
        {
            foreach (var share in new[] { 0, 1, 100, 70_000, 300_000 })
            {
                using var connection = await RawConnection.OpenAsync(server.Address);
                await connection.SendAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body[..share]}");
                connection.Break();
            }
        }

        await LivesAsync(server);
        Assert.Single(await server.Log.ReadAllAsync());
    }

    [Fact]
    public async Task Readers_that_hang_up_midway_harm_nobody()
    {
        await using var server = await DymesServer.StartAsync();
        var body = new byte[500_000];
        for (var i = 0; i < 30; i++)
        {
            await server.AppendAsync(new MessageDraft { Bytes = body });
        }

        foreach (var accept in new[] { "application/json", "application/x-ndjson", "application/vnd.dymes.frames" })
        {
            foreach (var path in new[] { Path, Path + "?limit=20", "/api/v1/subscribe" })
            {
                using var connection = await RawConnection.OpenAsync(server.Address);
                await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}, */*;q=0.1\r\n\r\n");
                Assert.True(await connection.SeeAsync("HTTP/1.1 200"));
                connection.Break();
            }
        }

        await LivesAsync(server);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_no_more_than_a_page()
    {
        var log = new EndlessLog();
        await using var server = await DymesServer.StartAsync(log);
        using var connection = await RawConnection.OpenAsync(server.Address);

        await connection.SendAsync("GET /api/v1/messages HTTP/1.1\r\nHost: x\r\nAccept: application/vnd.dymes.frames\r\n\r\n");
        Assert.True(await connection.SeeAsync("HTTP/1.1 200"));

        // The log is not asked for more than what sockets and buffers take, which is a few megabytes, however long others go on meanwhile.
        for (var others = 0; others < 200; others++)
        {
            await LivesAsync(server);
        }

        Assert.InRange(log.PagesGiven, 1, 64);
    }

    [Fact]
    public async Task A_client_that_is_too_slow_is_shown_out()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { HeadersTimeout = TimeSpan.FromSeconds(1) });
        using var connection = await RawConnection.OpenAsync(server.Address);

        await connection.SendAsync("GET /api/v1/messages HTTP/1.1\r\nHost:");

        Assert.True(await connection.SeeAsync("408 "));
        await connection.SeeEndAsync();
    }

    [Fact]
    public async Task Large_requests_have_a_budget_together()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { BufferedBytesMax = 16 * 1024 * 1024, RequestBytesMax = 16 * 1024 * 1024 });
        var connections = new List<RawConnection>();
        for (var i = 0; i < 8; i++)
        {
            var connection = await RawConnection.OpenAsync(server.Address);
            connections.Add(connection);
            await connection.SendAsync("POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n");
            await connection.SendAsync(new string(' ', 3_500_000));
        }

        // Whoever comes first may go on; for the rest there is no room.
        var turnedAway = await Task.WhenAny(connections.Select(connection => connection.SeeAsync("503 ")));
        Assert.True(await turnedAway);
        connections.ForEach(connection => connection.Dispose());
        await LivesAsync(server);
    }

    private static async Task LivesAsync(DymesServer server) => Assert.Equal(201, (await server.PostAsync(Path, "{}")).Status);

    /// <summary>A log whose answers never end.</summary>
    private sealed class EndlessLog : IMessageLog
    {
        private readonly IMessageLog _log = new Testing.Model.InMemoryMessageLog();
        private readonly byte[] _page = Frames.Join(Enumerable.Repeat(new MessageDraft { Bytes = new byte[1000] }.ToFrame(), 900));
        private int _pages;

        public int PagesGiven => Volatile.Read(ref _pages);

        public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default) => _log.AppendAsync(request, cancellationToken);

        public async IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                Interlocked.Increment(ref _pages);
                yield return new FramePage(_page, 900, new QueryPosition(1, MessageId.Max));
            }
        }

        public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default) => _log.SubscribeAsync(query, cancellationToken);

        public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) => _log.FindChannelAsync(channel, cancellationToken);

        public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) => _log.ListChannelsAsync(after, limit, cancellationToken);

        public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => _log.GetStatusAsync(cancellationToken);
    }
}
