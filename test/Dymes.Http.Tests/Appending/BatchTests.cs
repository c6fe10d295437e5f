using System.Text;
using Dymes.Common;
using Dymes.Http.Tests.Server;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Http.Tests.Appending;

public sealed class BatchTests
{
    private const string Path = "/api/v1/messages:batch";

    [Fact]
    public async Task Each_line_is_answered_in_order_and_a_broken_one_with_its_number()
    {
        await using var server = await DymesServer.StartAsync();

        var answer = await server.PostLinesAsync(Path, "{\"channel\":1}\n\n  \r\nbroken\r\n{\"channel\":1,\"expected_version\":5}\n{\"chanel\":1}\n{\"channel\":1}");

        Assert.Equal((200, "application/x-ndjson"), (answer.Status, answer.Type));
        Assert.Equal(
            ["1 appended", "4 malformed", "5 version-mismatch", "6 malformed", "7 appended"],
            answer.Lines.Select(line => $"{line.GetProperty("line")} {line.GetProperty("outcome")}"));
        Assert.Equal(1, answer.Lines[2].GetProperty("channel_version").GetInt32());
        Assert.Equal("/chanel", answer.Lines[3].GetProperty("field").GetString());
        Assert.Equal(2, (await server.Log.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task An_array_is_a_batch_too_and_is_answered_as_one_on_request()
    {
        await using var server = await DymesServer.StartAsync();
        const string Body = """ [ {"body":"]},\"["}, {"x":1} ,{"body":[[{}],"\\"]}, 7 ] """;

        var lines = await server.PostAsync(Path, Body);
        var array = await server.PostAsync(Path, Body, ("Accept", "application/json"));

        Assert.Equal(["appended", "malformed", "appended", "malformed"], lines.Lines.Select(line => line.GetProperty("outcome").GetString()));
        Assert.Equal(["appended", "malformed", "appended", "malformed"], array.Json.EnumerateArray().Select(line => line.GetProperty("outcome").GetString()));
        Assert.Equal("[]", (await server.PostAsync(Path, "[]", ("Accept", "application/json"))).Text.Trim());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("[{}")]
    [InlineData("[{},")]
    [InlineData("[{\"body\":\"")]
    [InlineData("[{}] x")]
    [InlineData("[{},]")]
    [InlineData("[}]")]
    public async Task A_body_that_is_no_array_is_answered_where_it_breaks(string body)
    {
        await using var server = await DymesServer.StartAsync();

        var last = (await server.PostAsync(Path, body)).Lines[^1];

        Assert.Equal(("malformed", 400), (last.GetProperty("outcome").GetString(), last.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Raw_frames_are_appended_as_they_are()
    {
        await using var server = await DymesServer.StartAsync();
        var drafts = Enumerable.Range(0, 3000).Select(i => new MessageDraft($"body {i}") { ChannelName = i % 2 == 0 ? "even" : null, Kv = [("i", i.ToString())] }).ToArray();

        var answer = await server.PostFramesAsync(Path, Frames.Join(drafts.Select(draft => draft.ToFrame())));

        Assert.Equal(3000, answer.Lines.Count);
        Assert.Equal(drafts.Select(draft => draft.Body), await server.Log.BodiesAsync(new MessageQuery()));
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(200, false)]
    public async Task A_short_batch_gets_its_answer_in_one_piece(int messages, bool isShort)
    {
        await using var server = await DymesServer.StartAsync();
        var line = $$"""{"encoded_msg_body":"{{new string('A', 1000)}}"}""" + "\n";

        var answer = await server.PostLinesAsync(Path, string.Concat(Enumerable.Repeat(line, messages)));

        Assert.Equal(messages, answer.Lines.Count(item => item.GetProperty("outcome").GetString() == "appended"));
        Assert.Equal(isShort ? $"{answer.Bytes.Length}" : null, answer.Header("Content-Length"));
    }

    [Fact]
    public async Task A_short_batch_that_the_log_cannot_take_says_so_by_its_status_or_beside_what_was_malformed()
    {
        var log = new StubbornLog(new InMemoryMessageLog()) { AppendFailure = new DymesException(ErrorCode.DiskFull, "No room.") };
        await using var server = await DymesServer.StartAsync(log);

        (await server.PostLinesAsync(Path, "{}\n{}")).Problem(507, "disk-full");
        var mixed = await server.PostLinesAsync(Path, "{}\nbroken\n{}");

        Assert.Equal(["not-run", "malformed", "not-run"], mixed.Lines.Select(line => line.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Frames_that_are_damaged_or_break_off_are_answered()
    {
        await using var server = await DymesServer.StartAsync();
        var good = new MessageDraft("x").ToFrame();
        var damaged = good.ToArray();
        damaged[^20] ^= 1;

        var answer = await server.PostFramesAsync(Path, [.. good, .. damaged, .. good, .. good.AsSpan(0, 100)]);
        var nonsense = await server.PostFramesAsync(Path, Encoding.ASCII.GetBytes(new string('x', 1000)));

        Assert.Equal(["appended", "malformed", "appended", "malformed"], answer.Lines.Select(line => line.GetProperty("outcome").GetString()));
        Assert.Equal("malformed", Assert.Single(nonsense.Lines).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task An_atomic_batch_is_appended_wholly_or_not_at_all()
    {
        await using var server = await DymesServer.StartAsync();

        var good = await server.PostLinesAsync(Path + "?atomic=true", "{\"channel\":1,\"expected_version\":0}\n{\"channel\":2,\"expected_version\":0}\n{\"channel\":1,\"expected_version\":1}");
        Assert.Equal(["appended", "appended", "appended"], good.Lines.Select(line => line.GetProperty("outcome").GetString()));

        var refused = (await server.PostLinesAsync(Path + "?atomic=true", "{\"channel\":1}\n{\"channel\":2,\"expected_version\":0}\n{\"channel\":1,\"expected_version\":0}")).Problem(409, "version-mismatch");
        Assert.Equal((2, 1), (refused.GetProperty("line").GetInt32(), refused.GetProperty("channel_version").GetInt32()));
        Assert.Equal(2, (await server.PostLinesAsync(Path + "?atomic=true", "{}\nbroken\n{}")).Problem(400, "invalid-argument").GetProperty("line").GetInt32());
        (await server.PostLinesAsync(Path + "?atomic=true", "")).Problem(400, "invalid-argument");
        Assert.Equal(3, (await server.Log.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task A_refused_atomic_batch_shows_all_receipts_to_who_accepts_nothing_but_lines()
    {
        await using var server = await DymesServer.StartAsync();

        var answer = await server.PostLinesAsync(Path + "?atomic=true", "{}\n{\"channel\":1,\"expected_version\":4}", ("Accept", "application/x-ndjson"));

        Assert.Equal(200, answer.Status);
        Assert.Equal(["aborted", "version-mismatch"], answer.Lines.Select(line => line.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task An_atomic_batch_has_the_limits_of_one_request()
    {
        await using var server = await DymesServer.StartAsync();
        var many = string.Concat(Enumerable.Repeat("{}\n", MessageLimits.RequestMessagesMax));
        var large = $$"""{"encoded_msg_body":"{{Convert.ToBase64String(new byte[1_500_000])}}"}""" + "\n";

        Assert.Equal(200, (await server.PostLinesAsync(Path + "?atomic=true", many)).Status);
        (await server.PostLinesAsync(Path + "?atomic=true", many + "{}\n")).Problem(413, "too-large");
        (await server.PostLinesAsync(Path + "?atomic=true", large + large + large)).Problem(413, "too-large");
        Assert.Equal(MessageLimits.RequestMessagesMax, (await server.Log.ReadAllAsync()).Count);
        Assert.Equal(3, (await server.PostLinesAsync(Path, large + large + large)).Lines.Count);
    }

    [Fact]
    public async Task An_atomic_batch_under_an_idempotency_key_is_run_once()
    {
        await using var server = await DymesServer.StartAsync();
        var key = ("Idempotency-Key", "k");

        var first = await server.PostLinesAsync(Path + "?atomic=true", "{\"channel\":1}\n{\"channel\":\"b\"}", key);
        var again = await server.PostLinesAsync(Path + "?atomic=true", "{\"channel\":1}\n{\"channel\":\"b\"}", key);

        Assert.Equal(["appended", "appended"], first.Lines.Select(line => line.GetProperty("outcome").GetString()));
        Assert.Equal("true", again.Header("Dymes-Replayed"));
        Assert.Equal(first.Lines.Select(line => line.GetProperty("id").GetString()), again.Lines.Select(line => line.GetProperty("id").GetString()));
        (await server.PostLinesAsync(Path + "?atomic=true", "{\"channel\":1}\n{}", key)).Problem(422, "idempotency-mismatch");
        (await server.PostLinesAsync(Path, "{}\n{}", key)).Problem(400, "invalid-argument", "Idempotency-Key");
        Assert.Equal(2, (await server.Log.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task Conditions_may_stand_before_raw_frames()
    {
        await using var server = await DymesServer.StartAsync();
        byte[] conditions = [.. BitConverter.GetBytes(1L), .. BitConverter.GetBytes(7L)];
        var frame = new MessageDraft("x").ToFrame();

        var answer = await server.PostFramesAsync(Path + "?conditions=1", [.. conditions, .. frame, .. frame]);

        Assert.Equal(["appended", "version-mismatch"], answer.Lines.Select(line => line.GetProperty("outcome").GetString()));
        (await server.PostFramesAsync(Path + "?conditions=8193", frame)).Problem(400, "invalid-argument", "conditions");
        (await server.PostFramesAsync(Path + "?conditions=2", conditions)).Problem(400, "invalid-argument");
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_passed_over_and_the_rest_goes_on()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { RequestBytesMax = 64 * 1024 });

        var answer = await server.PostLinesAsync(Path, $"{{}}\n{{\"encoded_msg_body\":\"{new string('A', 3_000_000)}\"}}\n{{}}\n{new string(' ', 100_000)}");

        Assert.Equal(["1 200", "2 413", "3 200", "4 413"], answer.Lines.Select(line => $"{line.GetProperty("line")} {(line.TryGetProperty("status", out var status) ? status.GetInt32() : 200)}"));
    }

    [Fact]
    public async Task Answers_come_while_the_request_is_still_being_sent()
    {
        await using var server = await DymesServer.StartAsync();
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("POST /api/v1/messages:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");

        for (var line = 1; line <= 3; line++)
        {
            await connection.SendAsync("3\r\n{}\n\r\n");
            Assert.True(await connection.SeeAsync($"{{\"line\":{line},\"outcome\":\"appended\""));
        }

        await connection.SendAsync("0\r\n\r\n");
        Assert.True(await connection.SeeAsync("0\r\n\r\n"));
    }

    [Fact]
    public async Task While_the_log_is_slow_no_more_than_a_few_requests_wait()
    {
        var gate = new TaskCompletionSource();
        var log = new StubbornLog(new InMemoryMessageLog()) { Gate = gate.Task };
        await using var server = await DymesServer.StartAsync(log);
        var line = $$"""{"encoded_msg_body":"{{Convert.ToBase64String(new byte[100_000])}}"}""" + "\n";
        var sending = server.PostLinesAsync(Path, string.Concat(Enumerable.Repeat(line, 200)));
        for (var flight = 0; flight < 4; flight++)
        {
            await log.ArrivalAsync();
        }

        Assert.False(sending.IsCompleted);
        Assert.Equal(4, log.Requests.Count);
        gate.SetResult();

        Assert.Equal(200, (await sending).Lines.Count(item => item.GetProperty("outcome").GetString() == "appended"));
    }

    [Fact]
    public async Task Trouble_in_the_middle_of_a_stream_is_told_line_by_line()
    {
        var log = new StubbornLog(new InMemoryMessageLog());
        await using var server = await DymesServer.StartAsync(log);
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("POST /api/v1/messages:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
        Assert.True(await connection.SeeAsync("\"line\":1,\"outcome\":\"appended\""));

        log.AppendFailure = new DymesException(ErrorCode.DiskFull, "No room.");
        await connection.SendAsync("3\r\n{}\n\r\n");
        Assert.True(await connection.SeeAsync("\"line\":2,\"outcome\":\"not-run\",\"status\":507"));
        log.AppendFailure = null;
        await connection.SendAsync("3\r\n{}\n\r\n0\r\n\r\n");

        Assert.True(await connection.SeeAsync("\"line\":3,\"outcome\":\"appended\""));
    }

    [Fact]
    public async Task More_batches_than_there_are_places_are_429()
    {
        var large = "{}" + new string('\n', 65 * 1024);
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { BatchesMax = 1 });
        using (var connection = await RawConnection.OpenAsync(server.Address))
        {
            await connection.SendAsync("POST /api/v1/messages:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            Assert.True(await connection.SeeAsync("appended"));

            (await server.PostLinesAsync(Path, large)).Problem(429, "overloaded");
            await connection.SendAsync("0\r\n\r\n");
            Assert.True(await connection.SeeAsync("0\r\n\r\n"));
        }

        Assert.Equal(200, (await server.PostLinesAsync(Path, large)).Status);
    }

    [Fact]
    public async Task A_small_batch_finds_a_place_beside_the_large_ones()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { BatchesMax = 1 });
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("POST /api/v1/messages:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
        Assert.True(await connection.SeeAsync("appended"));

        Assert.Equal(200, (await server.PostLinesAsync(Path, "{}")).Status);
    }

    [Fact]
    public async Task Small_batches_have_an_end_too()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { BatchesMax = 1 });
        var connections = new List<RawConnection>();
        for (var i = 0; i < 64; i++)
        {
            connections.Add(await RawConnection.OpenAsync(server.Address));
            await connections[i].SendAsync("POST /api/v1/messages:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            Assert.True(await connections[i].SeeAsync("100 Continue")); // its body is waited for
        }

        (await server.PostLinesAsync(Path, "{}")).Problem(429, "overloaded");
        connections.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task A_stop_of_the_node_ends_a_batch_with_a_line_that_says_so()
    {
        var server = await DymesServer.StartAsync();
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("POST /api/v1/messages:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
        Assert.True(await connection.SeeAsync("appended"));

        var stopping = server.DisposeAsync();

        Assert.True(await connection.SeeAsync("urn:dymes:problem:not-ready"));
        await stopping;
    }
}
