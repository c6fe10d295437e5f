using Dymes.Http.Tests.Server;
using Dymes.Testing;

namespace Dymes.Http.Tests.Reading;

public sealed class CursorTests
{
    private const string Path = "/api/v1/cursors";

    [Fact]
    public async Task A_cursor_is_opened_read_to_its_end_and_closed()
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync([.. Enumerable.Range(0, 5).Select(i => new MessageDraft($"{i}"))]);

        var opened = await server.PostAsync(Path, $$$"""{"query_dto":{"query_range":{"range_start":"{{{ids[1]}}}","range_end":"{{{ids[4]}}}"}},"filters":[]}""");
        Assert.Equal((201, "text/plain", $"{Path}/{opened.Text}"), (opened.Status, opened.Type, opened.Header("Location")));
        Assert.Matches("^[0-9a-f]{32}$", opened.Text);

        Assert.Equal([ids[1]], Ids(await server.GetAsync($"{Path}/{opened.Text}")));
        Assert.Equal([ids[2], ids[3]], Ids(await server.GetAsync($"{Path}/0x{opened.Text}?batch_size=2")));
        var frames = await server.GetAsync($"{Path}/{opened.Text}?batch_size=10", ("Accept", "application/octet-stream"));
        Assert.Equal((await server.Log.ReadAllAsync())[4], frames.Bytes);
        Assert.Equal($"4:{ids[4]}", frames.Header("Dymes-Position"));
        var end = await server.GetAsync($"{Path}/{opened.Text}?batch_size=10");
        Assert.Equal((200, 0), (end.Status, end.Bytes.Length));

        Assert.Equal(200, (await server.SendAsync("DELETE", $"{Path}/{opened.Text}")).Status);
        (await server.SendAsync("DELETE", $"{Path}/{opened.Text}")).Problem(404, "not-found");
        (await server.GetAsync($"{Path}/{opened.Text}")).Problem(404, "not-found");
    }

    [Fact]
    public async Task An_unknown_cursor_is_404_and_what_is_no_cursor_is_400()
    {
        await using var server = await DymesServer.StartAsync();

        (await server.GetAsync(Path + "/abc123")).Problem(404, "not-found");
        (await server.GetAsync(Path + "/xyz")).Problem(400, "invalid-argument", "id");
        (await server.GetAsync(Path + "/abc123?batch_size=0")).Problem(400, "invalid-argument", "batch_size");
        (await server.GetAsync(Path + "/abc123?size=1")).Problem(400, "invalid-argument", "size");
        (await server.PostAsync(Path, """{"query_dto":{}}""")).Problem(400, "invalid-argument", "/query_dto");
        (await server.SendAsync("POST", Path, "{}", "text/plain")).Problem(415, "unsupported-media-type");
    }

    private static IEnumerable<string?> Ids(Answer answer) => answer.Lines.Select(line => line.GetProperty("id").GetString());
}
