using Dymes.Http.Tests.Server;
using Dymes.Message;
using Dymes.Testing;

namespace Dymes.Http.Tests.Reading;

public sealed class MessageTests
{
    [Fact]
    public async Task A_message_is_shown_as_json_with_its_body_in_the_form_asked_for()
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync(new MessageDraft("""{"id":1}""") { ChannelName = "orders", Routing = 5, Kv = [("type", "OrderPlaced")] });
        var path = $"/api/v1/messages/{ids[0]}";

        var answer = await server.GetAsync(path.ToLowerInvariant());

        Assert.Equal((200, "application/json", "nosniff"), (answer.Status, answer.Type, answer.Header("X-Content-Type-Options")));
        Assert.Equal(
            $$"""{"id":"{{ids[0]}}","lsn":0,"time":"2026-03-14T15:09:26.535Z","channel":"{{ChannelId.OfName("orders")}}","channel_name":"orders","routing":"0x5","encoded_correlation_id":null,"kv_entries":[{"key":"type","value":"OrderPlaced"}],"encoded_msg_body":"eyJpZCI6MX0="}""",
            answer.Text);
        Assert.Equal(1, (await server.GetAsync(path + "?body=json")).Json.GetProperty("body").GetProperty("id").GetInt32());
        Assert.Equal("""{"id":1}""", (await server.GetAsync(path + "?body=text")).Json.GetProperty("body").GetString());
        (await server.GetAsync(path + "?body=xml")).Problem(400, "invalid-argument", "body");
        (await server.GetAsync(path + "?bdy=json")).Problem(400, "invalid-argument", "bdy");
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/vnd.dymes.frames")]
    public async Task A_message_comes_as_its_frame_to_who_accepts_that(string type)
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync(new MessageDraft("x"));

        var answer = await server.GetAsync($"/api/v1/messages/{ids[0]}", ("Accept", type));

        Assert.Equal(type, answer.Type);
        Assert.Equal((await server.Log.ReadAllAsync())[0], answer.Bytes);
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", "text/html; charset=utf-8")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/plain\r\nSet-Cookie: a=b", "application/octet-stream")]
    [InlineData("no type", "application/octet-stream")]
    [InlineData("tëxt/plain", "application/octet-stream")]
    [InlineData(null, "application/octet-stream")]
    public async Task A_body_alone_has_its_own_content_type_and_can_do_no_harm(string? type, string shown)
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync(new MessageDraft("<script>") { Kv = type is null ? [] : [("content-type", type)] });

        var answer = await server.GetAsync($"/api/v1/messages/{ids[0]}?content=body", ("Accept", "text/html"));

        Assert.Equal((200, "<script>", shown), (answer.Status, answer.Text, answer.ContentHeaders.ContentType?.ToString()));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Contains("sandbox", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Set-Cookie"));
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_what_is_no_id_is_400()
    {
        await using var server = await DymesServer.StartAsync();

        (await server.GetAsync("/api/v1/messages/01K7068MQWRDT23X6TK4QCT5NS")).Problem(404, "not-found");
        (await server.GetAsync("/api/v1/messages/81K7068MQWRDT23X6TK4QCT5NS")).Problem(400, "invalid-argument", "id");
        (await server.GetAsync("/api/v1/messages/%01%C3%28")).Problem(400, "invalid-argument", "id");
    }

    [Fact]
    public async Task A_head_has_the_head_of_the_answer_and_no_body()
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync(new MessageDraft("x"));

        var answer = await server.SendAsync("HEAD", $"/api/v1/messages/{ids[0]}");

        Assert.Equal((200, "application/json", 0), (answer.Status, answer.Type, answer.Bytes.Length));
        Assert.True(answer.ContentHeaders.ContentLength > 100);
        Assert.Equal(404, (await server.SendAsync("HEAD", "/api/v1/messages/01K7068MQWRDT23X6TK4QCT5NS")).Status);
        Assert.Equal(200, (await server.SendAsync("HEAD", "/api/v1/messages", null, "", ("Accept", "application/x-ndjson"))).Status);
    }

    [Fact]
    public async Task A_session_read_waits_for_its_position_and_gives_up_with_503()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { SessionWait = TimeSpan.FromMilliseconds(200) });
        var ids = await server.AppendAsync(new MessageDraft("x"));
        var path = $"/api/v1/messages/{ids[0]}";

        Assert.Equal(200, (await server.GetAsync(path, ("Dymes-Consistency", "session"), ("Dymes-Min-Lsn", "0"))).Status);
        (await server.GetAsync(path, ("Dymes-Min-Lsn", "1"))).Problem(503, "not-ready", "Dymes-Min-Lsn");
        (await server.GetAsync(path, ("Dymes-Min-Lsn", "-1"))).Problem(400, "invalid-argument", "Dymes-Min-Lsn");
        (await server.GetAsync(path, ("Dymes-Consistency", "strong"))).Problem(400, "invalid-argument", "Dymes-Consistency");
        Assert.Equal(200, (await server.GetAsync(path, ("Dymes-Consistency", "linearizable"))).Status);
    }

    [Fact]
    public async Task A_session_read_is_answered_as_soon_as_its_position_is_there()
    {
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { SessionWait = TimeSpan.FromSeconds(30) });
        var ids = await server.AppendAsync(new MessageDraft("x"));

        var reading = server.GetAsync($"/api/v1/messages/{ids[0]}", ("Dymes-Min-Lsn", "1"));
        await server.AppendAsync(new MessageDraft("y"));

        Assert.Equal(200, (await reading).Status);
    }
}
