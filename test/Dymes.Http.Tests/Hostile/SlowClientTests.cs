using Dymes.Http.Tests.Server;
using Dymes.Testing;

namespace Dymes.Http.Tests.Hostile;

/// <summary>Clients that hold what others need by being slow: they are cut off, and what they held is free again.</summary>
public sealed class SlowClientTests
{
    private static readonly (string Path, string Type)[] Bodies =
    [
        ("/api/v1/messages", "application/json"),
        ("/api/v1/messages:batch", "application/x-ndjson"),
        ("/api/v1/messages:batch?atomic=true", "application/x-ndjson"),
        ("/api/v1/import", "application/json"),
        ("/api/v1/messages:query", "application/json"),
        ("/api/v1/cursors", "application/json"),
    ];

    // All at once, since the server's patience with each is ten seconds.
    [Fact]
    public async Task Bodies_that_stop_coming_end_their_requests_and_leave_nothing_behind()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { BatchesMax = 3, BodyBytesPerSecondMin = 1_000_000 });
        var connections = await Task.WhenAll(Bodies.Select(_ => RawConnection.OpenAsync(server.Address)));

        // More than is held for nothing, less than is announced.
        await Task.WhenAll(connections.Zip(Bodies, (connection, body) => connection.SendAsync(
            $"POST {body.Path} HTTP/1.1\r\nHost: x\r\nContent-Type: {body.Type}\r\nContent-Length: 4000000\r\n\r\n[ {new string(' ', 200_000)}")));

        await Task.WhenAll(connections.Select(connection => connection.SeeEndAsync()));
        Assert.All(connections.Zip(Bodies), pair => Assert.Contains("urn:dymes:problem:request-timeout", pair.First.Seen, StringComparison.Ordinal));
        await server.Counts.SeeNothingHeldAsync();
        Assert.Equal(200, (await server.PostLinesAsync("/api/v1/messages:batch", "{}")).Status);
        Array.ForEach(connections, connection => connection.Dispose());
    }

    [Theory]
    [InlineData("/api/v1/messages?limit=100", "application/json")]
    [InlineData("/api/v1/messages?limit=100", "application/vnd.dymes.frames")]
    [InlineData("/api/v1/messages", "application/x-ndjson")]
    [InlineData("/api/v1/messages", "application/vnd.dymes.frames")]
    [InlineData("/api/v1/subscribe", "text/event-stream")]
    [InlineData("/api/v1/subscribe", "application/vnd.dymes.frames")]
    public async Task An_answer_that_nobody_reads_is_broken_off_and_leaves_nothing_behind(string path, string accept)
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { SubscriptionsMax = 1, AnswerPatience = TimeSpan.FromSeconds(1) });
        for (var i = 0; i < 3; i++)
        {
            await server.AppendAsync([.. Enumerable.Range(0, 3).Select(_ => new MessageDraft { Bytes = new byte[1_200_000] })]);
        }

        using var connection = await RawConnection.OpenAsync(server.Address, receiveBytes: 4096);

        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n");

        await server.Counts.SeeRefusalAsync("client-stalled");
        await server.Counts.SeeNothingHeldAsync();
        Assert.Equal(200, (await server.GetAsync("/api/v1/subscribe?limit=1")).Status);
    }
}
