using Dymes.Http.Tests.Server;
using Dymes.Testing;
using Dymes.Testing.Model;

namespace Dymes.Http.Tests.Reading;

/// <summary>What each level of consistency asks of a log that is read from replicas, for every kind of read.</summary>
public sealed class FreshnessTests
{
    private static readonly MessageDraft Draft = new("x") { ChannelName = "orders" };

    public static TheoryData<string> Reads => ["/api/v1/messages?limit=5", "/api/v1/channels", "/api/v1/channels/orders", "/api/v1/status"];

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_session_read_reaches_the_position_that_its_client_has_seen(string path)
    {
        var log = await LogAsync();
        await using var server = await DymesServer.StartAsync(log);
        var answer = await server.GetAsync(path, ("Dymes-Min-Lsn", "0"));
        Assert.Equal((200, "0"), (answer.Status, answer.Header("Dymes-Lsn")));
        Assert.Equal(["reach 1"], log.Asked);
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_linearizable_read_is_confirmed_first(string path)
    {
        var log = await LogAsync();
        await using var server = await DymesServer.StartAsync(log);
        Assert.Equal("0", (await server.GetAsync(path, ("Dymes-Consistency", "linearizable"))).Header("Dymes-Lsn"));
        Assert.Equal(["confirm"], log.Asked);
    }

    [Fact]
    public async Task A_linearizable_read_gives_up_with_503_where_no_primary_gives_its_word()
    {
        var word = new TaskCompletionSource();
        var log = new LaggingLog(new InMemoryMessageLog(), new InMemoryMessageLog()) { Word = word.Task };
        await using var server = await DymesServer.StartAsync(log, new HttpLimits { ConfirmWait = TimeSpan.FromMilliseconds(200), SessionWait = TimeSpan.FromMinutes(1) });
        (await server.GetAsync("/api/v1/status", ("Dymes-Consistency", "linearizable"))).Problem(503, "not-ready", "Dymes-Consistency");
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_stale_read_asks_for_nothing(string path)
    {
        var log = await LogAsync();
        await using var server = await DymesServer.StartAsync(log);
        Assert.Null((await server.GetAsync(path, ("Dymes-Consistency", "stale"), ("Dymes-Min-Lsn", "0"))).Header("Dymes-Lsn"));
        Assert.Empty(log.Asked);
    }

    private static async Task<LaggingLog> LogAsync()
    {
        var whole = new InMemoryMessageLog();
        await whole.AppendAsync(MessageDraft.Request(Draft));
        return new LaggingLog(whole, new InMemoryMessageLog());
    }
}
