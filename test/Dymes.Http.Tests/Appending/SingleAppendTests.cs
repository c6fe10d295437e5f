using Dymes.Common;
using Dymes.Http.Tests.Server;
using Dymes.Message;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Http.Tests.Appending;

public sealed class SingleAppendTests
{
    private const string Path = "/api/v1/messages";
    private const string Id = "01K7068MQWRDT23X6TK4QCT5NS";

    [Fact]
    public async Task An_append_answers_its_id_as_text_and_its_place_in_the_head()
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync(new MessageDraft(), new MessageDraft { Channel = new ChannelId(702) });

        var answer = await server.PostAsync(Path, """{"channel":702,"encoded_msg_body":"eyJpZCI6MX0="}""");

        Assert.Equal((201, "text/plain"), (answer.Status, answer.Type));
        Assert.True(MessageId.TryParse(answer.Text, out _));
        Assert.Equal($"{Path}/{answer.Text}", answer.Header("Location"));
        Assert.Equal(("2", "2"), (answer.Header("Dymes-Lsn"), answer.Header("Dymes-Channel-Version")));
        Assert.Equal("""{"id":1}""", (await server.GetAsync($"{Path}/{answer.Text}?content=body")).Text);
    }

    [Fact]
    public async Task Who_accepts_json_gets_the_receipt_as_json()
    {
        await using var server = await DymesServer.StartAsync();

        var answer = await server.PostAsync(Path, """{"channel":702}""", ("Accept", "application/json"));

        Assert.Equal((201, "application/json"), (answer.Status, answer.Type));
        Assert.Equal((0, 1), (answer.Json.GetProperty("lsn").GetInt32(), answer.Json.GetProperty("channel_version").GetInt32()));
        Assert.Equal($"{Path}/{answer.Json.GetProperty("id").GetString()}", answer.Header("Location"));
    }

    [Fact]
    public async Task An_expected_version_is_a_condition_and_the_refusal_tells_the_present_one()
    {
        await using var server = await DymesServer.StartAsync();

        Assert.Equal(201, (await server.PostAsync(Path, """{"channel":"a","expected_version":0}""")).Status);
        var refused = (await server.PostAsync(Path, """{"channel":"a","expected_version":0}""")).Problem(412, "version-mismatch");
        Assert.Equal(1, refused.GetProperty("channel_version").GetInt32());
        Assert.Equal(201, (await server.PostAsync(Path, """{"channel":"a","expected_version":1}""")).Status);
        Assert.Equal(201, (await server.PostAsync(Path, """{"channel":"a","expected_version":-1}""")).Status);
    }

    [Fact]
    public async Task A_missing_parent_is_refused_unless_it_may_be_missing()
    {
        await using var server = await DymesServer.StartAsync();
        var body = $$"""{"encoded_correlation_id":"{{Id}}"}""";

        (await server.PostAsync(Path, body)).Problem(422, "parent-missing", "/encoded_correlation_id");
        Assert.Equal(201, (await server.PostAsync(Path + "?allow_missing_parents=true", body)).Status);
        (await server.PostAsync(Path + "?allow_missing_parents=yes", body)).Problem(400, "invalid-argument", "allow_missing_parents");
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_first_answer_again()
    {
        await using var server = await DymesServer.StartAsync();
        var key = ("Idempotency-Key", "order-1/u");

        var first = await server.PostAsync(Path, """{"channel":1,"body":{"a":1}}""", key);
        var second = await server.PostAsync(Path, """{"body":{"a":1},"channel":"1"}""", key);

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Null(first.Header("Dymes-Replayed"));
        Assert.Equal("true", second.Header("Dymes-Replayed"));
        Assert.Equal((first.Text, first.Header("Dymes-Lsn"), first.Header("Dymes-Channel-Version")), (second.Text, second.Header("Dymes-Lsn"), second.Header("Dymes-Channel-Version")));
        Assert.Single(await server.Log.ReadAllAsync());
        (await server.PostAsync(Path, """{"channel":1,"body":{"a":2}}""", key)).Problem(422, "idempotency-mismatch", "Idempotency-Key");
    }

    [Fact]
    public async Task An_idempotency_key_has_1_to_256_bytes()
    {
        await using var server = await DymesServer.StartAsync();

        Assert.Equal(201, (await server.PostAsync(Path, "{}", ("Idempotency-Key", new string('k', 256)))).Status);
        (await server.PostAsync(Path, "{}", ("Idempotency-Key", new string('k', 257)))).Problem(400, "invalid-argument", "Idempotency-Key");
        (await server.PostAsync(Path, "{}", ("Idempotency-Key", ""))).Problem(400, "invalid-argument", "Idempotency-Key");
    }

    [Fact]
    public async Task A_put_is_idempotent_for_ever_and_conflicts_with_other_content()
    {
        await using var server = await DymesServer.StartAsync();
        var path = $"{Path}/{Id}";

        var first = await server.SendAsync("PUT", path, """{"channel":7,"body":1}""");
        var again = await server.SendAsync("PUT", path.ToLowerInvariant(), """{"channel":7,"body":1}""");

        Assert.Equal((201, 200, Id, Id), (first.Status, again.Status, first.Text, again.Text));
        Assert.Equal(Id, (await server.SendAsync("PUT", path, """{"channel":7,"body":2}""")).Problem(409, "id-conflict").GetProperty("id").GetString());
        (await server.SendAsync("PUT", Path + "/nonsense", "{}")).Problem(400, "invalid-argument", "id");
        (await server.SendAsync("PUT", Path + "/00000000000000000000000000", "{}")).Problem(400, "invalid-argument", "id");
        (await server.SendAsync("PUT", path, $$"""{"encoded_id":"{{MessageId.Max}}"}""")).Problem(400, "invalid-argument", "/encoded_id");
    }

    [Theory]
    [InlineData("""{"chanel":1}""", 400, "/chanel")]
    [InlineData("", 400, "")]
    [InlineData("[1]", 400, "")]
    [InlineData("""{"channel":[]}""", 400, "/channel")]
    [InlineData("""{"kv_entries":[{"key":"dymes:x","value":""}]}""", 400, "/kv_entries/0/key")]
    [InlineData("""{"encoded_msg_body":"*"}""", 400, "/encoded_msg_body")]
    public async Task A_malformed_request_is_400_with_the_field(string body, int status, string field)
    {
        await using var server = await DymesServer.StartAsync();

        (await server.PostAsync(Path, body)).Problem(status, "invalid-argument", field);

        Assert.Empty(await server.Log.ReadAllAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/jsonx")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_415(string type)
    {
        await using var server = await DymesServer.StartAsync();

        (await server.SendAsync("POST", Path, "{}", type)).Problem(415, "unsupported-media-type");
        Assert.Equal(201, (await server.SendAsync("POST", Path, "{}", "application/json; charset=utf-8")).Status);
    }

    [Fact]
    public async Task A_form_of_answer_that_is_not_offered_is_406()
    {
        await using var server = await DymesServer.StartAsync();

        (await server.PostAsync(Path, "{}", ("Accept", "image/png"))).Problem(406, "not-acceptable", "Accept");
        Assert.Equal("application/json", (await server.PostAsync(Path, "{}", ("Accept", "text/plain;q=0.1, application/*"))).Type);
        Assert.Equal("text/plain", (await server.PostAsync(Path, "{}", ("Accept", "text/*, application/json;q=0.9"))).Type);
    }

    [Theory]
    [InlineData(ErrorCode.Overloaded, 429, "overloaded")]
    [InlineData(ErrorCode.NotReady, 503, "not-ready")]
    [InlineData(ErrorCode.OutcomeUnknown, 503, "outcome-unknown")]
    [InlineData(ErrorCode.StorageFailed, 503, "storage-failed")]
    [InlineData(ErrorCode.DiskFull, 507, "disk-full")]
    public async Task Trouble_of_the_log_has_its_status(ErrorCode code, int status, string slug)
    {
        var log = new StubbornLog(new InMemoryMessageLog()) { AppendFailure = new DymesException(code, "The test says so.") };
        await using var server = await DymesServer.StartAsync(log);

        (await server.PostAsync(Path, "{}")).Problem(status, slug);
        (await server.PostLinesAsync(Path + ":batch", "{}\n{}")).Problem(status, slug);
    }

    [Fact]
    public async Task Bodies_of_many_sizes_come_back_byte_by_byte()
    {
        await using var server = await DymesServer.StartAsync();
        var random = new Random(3);
        foreach (var size in new[] { 0, 1, 1024, 3_072, 3_073, 65_536, 1_000_000, MessageLimits.FrameBytesMax - MessageLimits.FrameHeaderBytes })
        {
            var body = new byte[size];
            random.NextBytes(body);

            var id = (await server.PostAsync(Path, $$"""{"encoded_msg_body":"{{Convert.ToBase64String(body)}}"}""")).Text;

            Assert.Equal(body, (await server.GetAsync($"{Path}/{id}?content=body")).Bytes);
            Assert.Equal(body, (await server.GetAsync($"{Path}/{id}")).Json.GetProperty("encoded_msg_body").GetBytesFromBase64());
        }
    }

    [Fact]
    public async Task Large_is_413_by_frame_by_announced_length_and_by_what_comes()
    {
        await using var server = await DymesServer.StartAsync();

        (await server.PostAsync(Path, $$"""{"encoded_msg_body":"{{Convert.ToBase64String(new byte[MessageLimits.FrameBytesMax])}}"}""")).Problem(413, "too-large", "/encoded_msg_body");
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync("POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{");
        Assert.True(await connection.SeeAsync("413 "));
    }
}
