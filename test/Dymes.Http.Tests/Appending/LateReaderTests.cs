using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dymes.Http.Tests.Server;
using Dymes.Testing;

namespace Dymes.Http.Tests.Appending;

/// <summary>Clients that read no answer before they have sent everything, as most HTTP clients do.</summary>
public sealed class LateReaderTests
{
    private const string Path = "/api/v1/messages:batch";

    // Its answers are more than what the server's connection and the sockets of both sides can hold.
    private const int Count = 100_000;
    private const string Message = """{"channel":"orders-42","routing":"0x1234567890abcdef","kv_entries":[{"key":"type","value":"OrderPlaced"}],"body":"0123456789"}""";

    public static TheoryData<string> Forms => ["application/x-ndjson", "application/vnd.dymes.frames", "application/json"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_hundred_thousand_messages_are_answered_to_who_reads_last(string form)
    {
        await using var server = await DymesServer.StartAsync();
        using var connection = await RawConnection.OpenAsync(server.Address, receiveBytes: 4096);

        await connection.SendAsync(Request(form, Body(form)));
        var receipts = await connection.ReadLinesAsync();

        Assert.Equal(Enumerable.Range(1, Count).Select(line => $"{line} appended"), receipts.Select(Outcome));
        Assert.Equal(Count, (int)(await server.Log.GetStatusAsync()).NextLsn.Value);
        await server.Counts.SeeNothingHeldAsync();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Who_leaves_more_unread_than_there_is_room_for_is_told_where_to_go_on(string form)
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { UnreadReceiptBytesMax = 64 * 1024 });
        using var connection = await RawConnection.OpenAsync(server.Address, receiveBytes: 4096);

        await connection.SendAsync(Request(form, Body(form)));
        var receipts = await connection.ReadLinesAsync();

        var stored = (int)(await server.Log.GetStatusAsync()).NextLsn.Value;
        Assert.InRange(stored, 1, Count - 1);
        Assert.Equal(Enumerable.Range(1, stored).Select(line => $"{line} appended").Append($"{stored + 1} not-run"), receipts.Select(Outcome));
        Assert.Equal((413, "urn:dymes:problem:too-large"), (receipts[^1].GetProperty("status").GetInt32(), receipts[^1].GetProperty("type").GetString()));
        await server.Counts.SeeNothingHeldAsync();
    }

    [Fact]
    public async Task Receipts_that_nobody_reads_share_the_memory_of_large_requests()
    {
        const int Large = 4 * 1024 * 1024 - 1;
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { BufferedBytesMax = 16 * 1024 * 1024 });
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RawConnection.OpenAsync(server.Address)));
        await Task.WhenAll(others.Select(other => other.SendAsync(
            [.. Encoding.ASCII.GetBytes($"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Large + 1}\r\n\r\n"), .. new byte[Large]])));
        await server.Counts.SeeAsync(values => values.GetValueOrDefault("dymes_http_buffered_bytes") == 4 * Large);
        using var connection = await RawConnection.OpenAsync(server.Address, receiveBytes: 4096);

        await connection.SendAsync(Request("application/x-ndjson", Body("application/x-ndjson", 2 * Count)));
        var receipts = await connection.ReadLinesAsync();

        Assert.Equal("urn:dymes:problem:overloaded", receipts[^1].GetProperty("type").GetString());
        Assert.Equal(receipts.Count - 1, (int)(await server.Log.GetStatusAsync()).NextLsn.Value);
        Array.ForEach(others, other => other.Break());
        await server.Counts.SeeNothingHeldAsync();
    }

    [Fact]
    public async Task Who_never_reads_at_all_is_cut_off_and_leaves_nothing_behind()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { AnswerPatience = TimeSpan.FromSeconds(1), BatchesMax = 1 });
        using var connection = await RawConnection.OpenAsync(server.Address, receiveBytes: 4096);

        await connection.SendAsync(Request("application/x-ndjson", Body("application/x-ndjson")));

        await server.Counts.SeeRefusalAsync("client-stalled");
        await server.Counts.SeeNothingHeldAsync();
        Assert.Equal(200, (await server.PostLinesAsync(Path, "{}")).Status);
        Assert.Equal(Count + 1, (int)(await server.Log.GetStatusAsync()).NextLsn.Value);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task One_connection_serves_batch_after_batch(string form)
    {
        await using var server = await DymesServer.StartAsync();
        var connections = 0;
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            connections++;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var http = new HttpClient(handler) { BaseAddress = server.Address };
        for (var batch = 0; batch < 100; batch++)
        {
            var content = new ByteArrayContent(Body(form, 1 + (batch * 10)));
            content.Headers.ContentType = new MediaTypeHeaderValue(form);
            using var response = await http.PostAsync(Path, content);
            await response.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal(1, connections);
    }

    // A body of a few bytes a message is sent before it is answered; this one is larger than what connection and sockets hold of it.
    private static byte[] Body(string form, int count = Count) => form switch
    {
        "application/x-ndjson" => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Message + "\n", count))),
        "application/json" => Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat(Message, count))}]"),
        _ => Frames.Join(Enumerable.Repeat(new MessageDraft("x").ToFrame(), count)),
    };

    private static byte[] Request(string form, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: x\r\nContent-Type: {form}\r\nAccept: application/x-ndjson\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"),
        .. body,
    ];

    private static string Outcome(JsonElement line) => $"{line.GetProperty("line")} {line.GetProperty("outcome")}";
}
