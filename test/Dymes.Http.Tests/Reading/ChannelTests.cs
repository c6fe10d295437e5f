using Dymes.Http.Tests.Server;
using Dymes.Message;
using Dymes.Testing;

namespace Dymes.Http.Tests.Reading;

public sealed class ChannelTests
{
    [Fact]
    public async Task A_channel_is_found_by_number_and_by_name()
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync(new MessageDraft("a") { ChannelName = "orders/42 é" }, new MessageDraft("b") { Channel = new ChannelId(702) }, new MessageDraft("c") { ChannelName = "orders/42 é" });

        var byName = (await server.GetAsync("/api/v1/channels/" + Uri.EscapeDataString("orders/42 é"))).Json;
        var byNumber = (await server.GetAsync("/api/v1/channels/0x2be")).Json;

        Assert.Equal((2, 0, 2), (byName.GetProperty("count").GetInt32(), byName.GetProperty("first_lsn").GetInt32(), byName.GetProperty("last_lsn").GetInt32()));
        Assert.Equal(("orders/42 é", ids[0], ids[2]), (byName.GetProperty("name").GetString(), byName.GetProperty("first_id").GetString(), byName.GetProperty("last_id").GetString()));
        Assert.Equal(("0x2be", "2026-03-14T15:09:26.535Z"), (byNumber.GetProperty("id").GetString(), byNumber.GetProperty("first_time").GetString()));
        Assert.Equal(byNumber.GetRawText(), (await server.GetAsync("/api/v1/channels/702")).Text);
        (await server.GetAsync("/api/v1/channels/703")).Problem(404, "not-found");
        (await server.GetAsync("/api/v1/channels/" + new string('x', 257))).Problem(400, "invalid-argument", "channel");
    }

    [Fact]
    public async Task Channels_are_listed_in_pages()
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync([.. Enumerable.Range(0, 7).Select(i => new MessageDraft { Channel = new ChannelId((uint)(i * 5)) })]);

        var seen = new List<string?>();
        var path = "/api/v1/channels?limit=3";
        while (path is not null)
        {
            var page = await server.GetAsync(path);
            seen.AddRange(page.Json.GetProperty("channels").EnumerateArray().Select(channel => channel.GetProperty("id").GetString()));
            path = page.Header("Link")?.Split('<', '>')[1];
        }

        Assert.Equal(["0x0", "0x5", "0xa", "0xf", "0x14", "0x19", "0x1e"], seen);
        (await server.GetAsync("/api/v1/channels?limit=0")).Problem(400, "invalid-argument", "limit");
        (await server.GetAsync("/api/v1/channels?first=1")).Problem(400, "invalid-argument", "first");
    }
}
