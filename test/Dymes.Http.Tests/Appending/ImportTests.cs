using System.Buffers;
using System.Text;
using System.Text.Json;
using Dymes.Http.Tests.Server;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Http.Tests.Appending;

public sealed class ImportTests
{
    private const string Path = "/api/v1/import";
    private const string Id = "01K7068MQWRDT23X6TK4QCT5NS";
    private static readonly MessageId ParsedId = MessageId.TryParse(Id, out var id) ? id : default;

    [Fact]
    public async Task One_object_is_imported_once()
    {
        await using var server = await DymesServer.StartAsync();
        var body = $$"""{"encoded_id":"{{Id}}","channel":5,"encoded_msg_body":"AQI="}""";

        var first = await server.PostAsync(Path, body);
        var again = await server.PostAsync(Path, " \n" + body);

        Assert.Equal((201, Id), (first.Status, first.Text));
        Assert.Equal((200, Id, "true"), (again.Status, again.Text, again.Header("Dymes-Replayed")));
        (await server.PostAsync(Path, $$"""{"encoded_id":"{{Id}}","channel":6}""")).Problem(409, "id-conflict");
        (await server.PostAsync(Path, "{}")).Problem(400, "invalid-argument", "/encoded_id");
        Assert.Equal([1, 2], (await server.GetAsync($"/api/v1/messages/{Id}?content=body")).Bytes);
    }

    [Theory]
    [InlineData("dymes:channel", "702")]
    [InlineData("dymes:channel", "orders")]
    [InlineData("dymes:idempotency", "2")]
    [InlineData("dymes:idempotency", "9999999:k")]
    [InlineData("dymes:view", "1")]
    public async Task An_entry_that_no_log_has_set_is_refused(string key, string value)
    {
        await using var server = await DymesServer.StartAsync();
        var line = $$"""{"encoded_id":"{{Id}}","channel":{{UInt128.One}},"kv_entries":[{"key":"{{key}}","value":"{{value}}"}]}""";

        (await server.PostAsync(Path, line)).Problem(400, "invalid-argument");
        Assert.Equal(["malformed"], Outcomes(await server.PostLinesAsync(Path, line)));
        Assert.Equal(["malformed"], Outcomes(await server.PostFramesAsync(Path, new MessageDraft { Id = ParsedId, Kv = [(key, value)] }.ToFrame())));
        Assert.Empty(await server.Log.ReadAllAsync());
    }

    [Fact]
    public async Task A_forged_mark_gives_nobody_the_id_of_another_message()
    {
        await using var server = await DymesServer.StartAsync();
        string Forged(string body) => $$"""{"encoded_id":"{{Id}}","channel":1,"kv_entries":[{"key":"content-type","value":"application/json"},{"key":"dymes:idempotency","value":"1:k"}],"body":"{{body}}"}""";
        Assert.Equal(201, (await server.PostAsync(Path, Forged("forged"))).Status);

        // It can do what any client can that uses the key first, and no more.
        (await server.PostAsync("/api/v1/messages", """{"channel":1,"body":"mine"}""", ("Idempotency-Key", "k"))).Problem(422, "idempotency-mismatch");
        Assert.Equal(201, (await server.PostAsync("/api/v1/messages", """{"channel":1,"body":"mine"}""", ("Idempotency-Key", "mine"))).Status);
        (await server.PostAsync(Path, Forged("forged"), ("Idempotency-Key", "other"))).Problem(400, "invalid-argument");
    }

    [Fact]
    public async Task A_request_with_a_key_carries_no_marks_of_other_keys()
    {
        await using var server = await DymesServer.StartAsync();
        var plain = new MessageDraft("x").ToFrame();
        var marked = new MessageDraft("x").ToFrame(builder => IdempotencyMark.Put(builder, 2, "victim"));

        var onSecond = await server.PostFramesAsync("/api/v1/messages:batch?atomic=true", [.. plain, .. marked], ("Idempotency-Key", "k"));
        var ofAnother = await server.PostFramesAsync("/api/v1/messages:batch?atomic=true", [.. marked, .. plain], ("Idempotency-Key", "k"));
        var itsOwn = await server.PostFramesAsync("/api/v1/messages:batch?atomic=true", [.. marked, .. plain], ("Idempotency-Key", "victim"));

        Assert.Contains("which only the log sets", onSecond.Problem(400, "invalid-argument").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("the mark of another request", ofAnother.Problem(400, "invalid-argument").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["appended", "appended"], Outcomes(itsOwn));
        Assert.Equal(2, (await server.Log.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task An_id_older_than_all_is_imported_and_found_in_its_place_of_time()
    {
        await using var server = await DymesServer.StartAsync();
        var newer = (await server.AppendAsync(new MessageDraft("new")))[0];

        Assert.Equal(201, (await server.PostAsync(Path, $$"""{"encoded_id":"{{Id}}","body":"old"}""")).Status);

        var messages = (await server.GetAsync("/api/v1/messages?by=time")).Json.GetProperty("messages");
        Assert.Equal([Id, newer], messages.EnumerateArray().Select(message => message.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task An_export_of_a_log_imports_into_another_as_the_same_frames_and_again_into_itself()
    {
        await using var source = await DymesServer.StartAsync();
        await using var target = await DymesServer.StartAsync();
        await source.PostAsync("/api/v1/messages", """{"channel":"orders","body":{"a":1}}""", ("Idempotency-Key", "k"));
        await source.PostAsync("/api/v1/messages", $$"""{"channel":340282366920938463463374607431768211455,"encoded_msg_body":"{{Convert.ToBase64String(new byte[5000])}}"}""");
        await source.PostAsync("/api/v1/messages", "{}");
        var frames = await source.Log.ReadAllAsync();
        var lines = string.Join('\n', frames.Select(frame => Written(frame, MessageJson.WriteImport)));
        var array = $"[{string.Join(",\n", frames.Select(frame => Written(frame, MessageJson.WriteOriginal)))}]";

        Assert.Equal(["appended", "appended", "appended"], Outcomes(await target.PostLinesAsync(Path, lines)));
        Assert.Equal(["replayed", "replayed", "replayed"], Outcomes(await target.PostAsync(Path, array)));
        Assert.Equal(["replayed", "replayed", "replayed"], Outcomes(await source.PostFramesAsync(Path, Frames.Join(frames))));
        Assert.Equal(frames, await target.Log.ReadAllAsync());
    }

    [Fact]
    public async Task Children_may_come_before_their_parents_where_it_is_said()
    {
        await using var server = await DymesServer.StartAsync();
        var body = $$"""{"encoded_id":"01K7068MQWRDT23X6TK4QCT5NT","encoded_correlation_id":"{{Id}}"}""";

        Assert.Equal(["parent-missing"], Outcomes(await server.PostLinesAsync(Path, body)));
        Assert.Equal(["appended"], Outcomes(await server.PostLinesAsync(Path + "?allow_missing_parents=true", body)));
    }

    private static IEnumerable<string?> Outcomes(Answer answer) => answer.Lines.Select(line => line.GetProperty("outcome").GetString());

    private static string Written(byte[] frame, Action<Utf8JsonWriter, byte[]> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            write(writer, frame);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Written(byte[] frame, Writing writing) => Written(frame, (writer, bytes) => writing(writer, Frames.First(bytes)));

    private delegate void Writing(Utf8JsonWriter writer, Dymes.Message.MessageFrame frame);
}
