using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Client.Tests;

/// <summary>What a client has seen, it takes along to whatever node it asks next.</summary>
public sealed class SessionTests : ClientBench
{
    [Fact]
    public async Task A_read_names_the_last_position_that_the_client_appended()
    {
        var client = Connect();
        await client.GetStatusAsync();
        await client.AppendAsync(MessageDraft.Request([new MessageDraft("a"), new MessageDraft("b")]));
        await client.GetStatusAsync();
        await client.ReadAllAsync();
        await client.FindChannelAsync(default);
        Assert.Equal([null, null, "1", "1", "1"], Network.Seen);
    }

    [Fact]
    public async Task A_read_names_the_last_position_that_came_in_an_answer()
    {
        await Log.AppendAsync(MessageDraft.Request([new MessageDraft("a"), new MessageDraft("b"), new MessageDraft("c")]));
        var streamed = Connect();
        await streamed.ReadAsync(new MessageQuery { Limit = 2 });
        await streamed.GetClusterAsync();
        Assert.Equal("1", Network.Seen.Last());

        var told = Connect();
        await told.FindChannelAsync(default);
        await told.GetStatusAsync();
        Assert.Equal("2", Network.Seen.Last());
    }

    [Fact]
    public async Task A_cursor_is_opened_with_what_was_seen_and_its_messages_are_seen()
    {
        await Log.AppendAsync(MessageDraft.Request([new MessageDraft("a"), new MessageDraft("b")]));
        var client = Connect();
        var id = await client.Cursors.OpenAsync(new MessageQuery());
        await client.Cursors.ReadAsync(id, 1);
        await client.Cursors.OpenAsync(new MessageQuery());
        Assert.Equal([null, null, "0"], Network.Seen);
    }
}
