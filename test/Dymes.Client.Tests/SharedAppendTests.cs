using System.Net;
using Dymes.Client.Tests.Nodes;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Client.Tests;

/// <summary>Messages that callers append while another one is under way.</summary>
public sealed class SharedAppendTests : ClientBench
{
    private readonly Held _first = new();

    [Fact]
    public async Task They_go_as_one_request_in_their_order_when_the_one_before_them_is_answered()
    {
        var (client, first) = await BeginAsync();

        var others = Enumerable.Range(1, 5).Select(number => client.AppendAsync(Plain($"{number}")).AsTask()).ToArray();
        Assert.Single(Network.Requests);
        _first.Release();

        Assert.Equal(0ul, (await first).First.Lsn.Value);
        Assert.Equal([1ul, 2ul, 3ul, 4ul, 5ul], (await Task.WhenAll(others)).Select(result => result.Receipts.Single().Lsn.Value));
        Assert.Equal(2, Network.Requests.Count);
        Assert.Equal(["first", "1", "2", "3", "4", "5"], await StoredAsync());
    }

    [Fact]
    public async Task As_many_as_may_be_under_way_wait_for_nobody()
    {
        var holds = new[] { new Held(), new Held(), new Held() };
        Network.Expect(holds);
        var client = Connect(options => options with { SingleAppendsMax = 3 });

        var appends = holds.Select(_ => client.AppendAsync(Plain("x")).AsTask()).ToArray();

        await Task.WhenAll(holds.Select(hold => hold.Reached.Task));
        Array.ForEach(holds, hold => hold.Release());
        await Task.WhenAll(appends);
    }

    [Fact]
    public async Task A_request_takes_its_share_of_all_there_are()
    {
        var holds = new[] { new Held(), new Held(), new Held() };
        Network.Expect(holds);
        var client = Connect(options => options with { SingleAppendsMax = 2 });

        var appends = Enumerable.Range(0, 12).Select(number => client.AppendAsync(Plain($"{number}")).AsTask()).ToArray();
        await holds[1].Reached.Task;
        holds[0].Release();
        await holds[2].Reached.Task; // half of the eleven that are left
        holds[1].Release();
        await appends[^1].WaitAsync(TimeSpan.FromSeconds(30)); // it is in the second half, which does not wait for the first

        Assert.All(appends[2..8], append => Assert.False(append.IsCompleted));
        holds[2].Release();
        await Task.WhenAll(appends);
        Assert.Equal(4, Network.Requests.Count);
    }

    [Fact]
    public async Task Each_keeps_its_own_condition_and_its_own_fate()
    {
        var (client, first) = await BeginAsync();

        var appends = new[] { 0ul, 7ul, 1ul }.Select(version => client.AppendAsync(new AppendRequest
        {
            Frames = new MessageDraft($"at {version}") { ChannelName = "c" }.ToFrame(),
            Count = 1,
            Conditions = [new VersionCondition(0, version)],
        }).AsTask()).ToArray();
        var plain = client.AppendAsync(Plain("plain")).AsTask();
        _first.Release();

        Assert.Equal([AppendOutcome.Appended, AppendOutcome.VersionMismatch, AppendOutcome.Appended], (await Task.WhenAll(appends)).Select(result => result.First.Outcome));
        Assert.Equal(1ul, (await appends[1]).First.ChannelVersion);
        Assert.True((await plain).First.IsStored);
        Assert.Equal(2, Network.Requests.Count);
        Assert.True((await first).First.IsStored);
        Assert.Equal(["first", "at 0", "at 1", "plain"], await StoredAsync());
    }

    [Fact]
    public async Task Who_gives_up_while_it_waits_is_not_sent_and_may_use_its_memory_anew()
    {
        var (client, first) = await BeginAsync();
        using var stop = new CancellationTokenSource();
        var frame = new MessageDraft("given up").ToFrame();

        var givenUp = client.AppendAsync(new AppendRequest { Frames = frame, Count = 1 }, stop.Token).AsTask();
        var other = client.AppendAsync(Plain("other")).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        Array.Clear(frame);
        _first.Release();

        await Task.WhenAll(first, other);
        Assert.Equal(["first", "other"], await StoredAsync());
    }

    [Fact]
    public async Task All_are_told_why_there_is_no_answer_and_those_behind_them_go_on()
    {
        var (client, first) = await BeginAsync(new CutAfter());

        var unlucky = new[] { client.AppendAsync(Plain("1")).AsTask(), client.AppendAsync(Plain("2")).AsTask() };
        var withId = client.AppendAsync(MessageDraft.Request(new MessageDraft("3") { Id = OldId(3) })).AsTask();
        _first.Release();

        foreach (var append in unlucky)
        {
            Assert.Equal(ErrorCode.OutcomeUnknown, (await Assert.ThrowsAsync<DymesException>(() => append)).Code);
        }

        Assert.Equal(AppendOutcome.Appended, (await withId).First.Outcome); // it may be sent twice, so it did not go with them
        await first;
        Assert.Equal(["first", "1", "2", "3"], await StoredAsync());
    }

    [Fact]
    public async Task What_would_be_refused_is_refused_alone()
    {
        var (client, first) = await BeginAsync();
        var damaged = new MessageDraft("damaged").ToFrame();
        damaged[^1] ^= 1;

        var good = client.AppendAsync(Plain("good")).AsTask();
        await Assert.ThrowsAsync<DymesException>(() => client.AppendAsync(new AppendRequest { Frames = damaged, Count = 1 }).AsTask());
        _first.Release();

        await Task.WhenAll(first, good);
        Assert.Equal(["first", "good"], await StoredAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void How_many_are_under_way_has_its_limits(int count) =>
        Assert.Equal("SingleAppendsMax", Assert.Throws<DymesException>(() => Connect(options => options with { SingleAppendsMax = count })).Field);

    [Fact]
    public async Task Under_faults_of_every_kind_nothing_is_doubled_and_nothing_acknowledged_is_lost()
    {
        var random = new Random(20261124);
        var client = Connect(options => options with { MakesIds = true, RetryDuration = TimeSpan.FromHours(1) });
        for (var number = 0; number < 200; number++)
        {
            Network.Expect(random.Next(4) switch
            {
                0 => new CutBefore(),
                1 => new CutAfter(),
                2 => new CutAnswer(random.Next(2000)),
                _ => new Answer(HttpStatusCode.TooManyRequests, "overloaded"),
            });
        }

        var receipts = await Task.WhenAll(Enumerable.Range(0, 2000).Select(number => client.AppendAsync(Plain($"{number}")).AsTask()));

        Assert.All(receipts, result => Assert.Equal(AppendOutcome.Appended, result.First.Outcome));
        var stored = await StoredAsync();
        Assert.All(receipts.Index(), append => Assert.Equal($"{append.Index}", stored[(int)append.Item.First.Lsn.Value]));
        Assert.Equal(2000, stored.Count);
    }

    private static AppendRequest Plain(string body) => MessageDraft.Request(new MessageDraft(body));

    /// <summary>A client with one append under way, which is all that may be.</summary>
    private async Task<(DymesClient Client, Task<AppendResult> First)> BeginAsync(params Fault[] faults)
    {
        Network.Expect([_first, .. faults]);
        var client = Connect(options => options with { SingleAppendsMax = 1 });
        var first = client.AppendAsync(Plain("first")).AsTask();
        await _first.Reached.Task;
        return (client, first);
    }
}
