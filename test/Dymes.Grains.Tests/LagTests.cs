using Dymes.Common;
using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Tests.Cluster;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Orleans.Runtime.Placement;

namespace Dymes.Grains.Tests;

/// <summary>Two silos of which the second has what the first has only when a test says so.</summary>
public sealed class LagTests(GrainCluster shared) : IAsyncLifetime
{
    private static readonly ChannelId Channel = new(7);

    private readonly List<DymesEngine> _engines = [];
    private readonly List<MessageDraft> _missing = [];
    private GrainMessageLog[] _inSilo = [];
    private UInt128 _ids;
    private string _name = "";
    private GrainMessageLog _client = null!;

    public ValueTask InitializeAsync()
    {
        _name = GrainCluster.NewDataset();
        var copies = Enumerable.Range(0, 2).Select(_ => EngineDataset.Open(TimeProvider.System, _name)).ToArray();
        _engines.AddRange(copies.Select(copy => copy.Engine));
        _inSilo = shared.Add(copies[0].Dataset, copies[1].Dataset);
        _client = new GrainMessageLog(shared.Client, _name);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_silo_that_lags_answers_when_it_has_what_its_reader_has_seen()
    {
        var ids = await AppendAsync("a", "b");
        _inSilo[1].See(new Lsn(2));
        var reading = _inSilo[1].BodiesAsync(new IdsSelection(ids));
        var following = _inSilo[1].FindChannelAsync(Channel).AsTask();
        await CatchUpAsync();

        Assert.Equal(["a", "b"], await reading);
        Assert.Equal(2ul, (await following)!.Count);
        Assert.Equal(new Lsn(2), (await _inSilo[1].GetStatusAsync()).NextLsn);
    }

    [Fact]
    public async Task A_silo_that_stays_behind_refuses_and_says_how_far_it_is()
    {
        await AppendAsync("a", "b");
        var front = Front(1);
        var refusals = await Task.WhenAll(
            RefusalAsync(() => front.ReadAsync(new MessageQuery(), new Lsn(2), default).AsTask()),
            RefusalAsync(() => front.FollowAsync(new MessageQuery(), new Lsn(2), TimeSpan.FromSeconds(5), default).AsTask()),
            RefusalAsync(() => front.FindChannelAsync(Channel, new Lsn(2), default).AsTask()),
            RefusalAsync(() => front.ListChannelsAsync(null, 10, new Lsn(2), default).AsTask()),
            RefusalAsync(() => front.GetStatusAsync(new Lsn(2), default).AsTask()));
        Assert.All(refusals, refusal => Assert.Equal(ErrorCode.NotReady, refusal.Code));
        Assert.All(refusals, refusal => Assert.Contains("has the log up to 0, and the read wants it up to 2", refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stale_read_takes_what_the_silo_has()
    {
        await AppendAsync("a", "b");
        _inSilo[1].See(new Lsn(2));
        Assert.Empty(await _inSilo[1].Stale.ReadAllAsync());
        Assert.Equal(Lsn.First, (await _inSilo[1].Stale.GetStatusAsync()).NextLsn);
    }

    [Fact]
    public async Task Whatever_silo_owns_the_index_of_a_key_a_client_finds_what_it_has_seen()
    {
        var ids = await AppendAsync("a", "b");
        Assert.Equal(["a", "b"], await _inSilo[0].BodiesAsync(new LogSelection()));
        await PlaceAsync(DatasetKeys.OfChannel(_name, Channel), silo: 1);

        // The index is at the silo that lags, so the read goes to the front of the one that does not.
        Assert.Equal(["a", "b"], await _inSilo[0].BodiesAsync(new ChannelSelection(Channel)));
        Assert.Equal(["a"], await _inSilo[0].BodiesAsync(new AncestorsSelection(ids[0])));
    }

    [Fact]
    public async Task An_index_that_has_moved_to_another_silo_tells_what_that_has()
    {
        await AppendAsync("a", "b");
        await CatchUpAsync();
        await AppendAsync("c");
        var grain = shared.Client.GetGrain<IChannelGrain>(DatasetKeys.OfChannel(_name, Channel));
        await PlaceAsync(DatasetKeys.OfChannel(_name, Channel), silo: 0);
        await shared.Silos.MigrateAsync(grain, shared.Silos.Silos[1].SiloAddress);
        RequestContext.Clear();
        var query = new MessageQuery { Selection = new ChannelSelection(Channel) };

        Assert.Equal(2, (await grain.ReadAsync(query, new Lsn(2), default)).Count);
        var reading = grain.ReadAsync(query, new Lsn(3), default);
        await CatchUpAsync();
        Assert.Equal(3, (await reading).Count);
    }

    [Fact]
    public async Task What_a_query_began_at_one_silo_it_does_not_cut_short_at_another()
    {
        await AppendAsync([.. Enumerable.Range(0, 40).Select(number => $"{number}".PadLeft(20_000))]);
        var first = await Front(0).ReadAsync(new MessageQuery(), Lsn.First, default);
        Assert.False(first.IsLast);
        var rest = new MessageQuery().AsOf(first);
        var reading = Front(1).ReadAsync(rest, rest.Bounds.ToLsn.Next, default).AsTask();
        await CatchUpAsync();

        Assert.NotEqual(0, (await reading).Count);
    }

    [Fact]
    public async Task A_subscription_that_comes_to_a_silo_that_lags_goes_on_without_gap_or_repeat()
    {
        await AppendAsync("a", "b");
        await CatchUpAsync();
        await AppendAsync("c", "d");
        _inSilo[1].See(new Lsn(4));
        await using var follower = LogFollower.Start(_inSilo[1], new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = new Lsn(1) } });
        await CatchUpAsync();
        Assert.Equal(["b", "c", "d"], (await follower.TakeAsync(3)).Select(LogReading.BodyOf));
        await AppendAsync("e");
        await CatchUpAsync();
        Assert.Equal(["e"], (await follower.TakeAsync(1)).Select(LogReading.BodyOf));
    }

    [Fact]
    public async Task A_client_names_what_it_appended_and_read()
    {
        Assert.Equal(Lsn.First, _client.SeenEnd);
        await _client.AppendAsync(MessageDraft.Request([new MessageDraft("a"), new MessageDraft("b")]));
        Assert.Equal(new Lsn(2), _client.SeenEnd);

        await _inSilo[0].AppendAsync(MessageDraft.Request([new MessageDraft("x"), new MessageDraft("y"), new MessageDraft("z")]));
        Assert.Equal(new Lsn((ulong)(await _inSilo[0].ReadAllAsync()).Count), _inSilo[0].SeenEnd);
    }

    [Fact]
    public async Task A_confirmed_read_includes_the_end_that_was_confirmed()
    {
        await AppendAsync("a");
        await _inSilo[0].ConfirmAsync();
        Assert.Equal(new Lsn(1), _inSilo[0].SeenEnd);
    }

    [Fact]
    public async Task An_end_that_no_silo_has_is_refused_and_not_remembered()
    {
        using var tired = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.ReachAsync(new Lsn(1_000_000), tired.Token));
        Assert.Empty(await _client.ReadAllAsync());
    }

    private IDatasetGrain Front(int silo) => ((IGrainFactory)shared.Silos.Silos[silo].ServiceProvider.GetService(typeof(IGrainFactory))!).GetGrain<IDatasetGrain>(_name);

    private async Task PlaceAsync(string channel, int silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, shared.Silos.Silos[silo].SiloAddress);
        var answer = await shared.Client.GetGrain<IChannelGrain>(channel).ReadAsync(new MessageQuery { Selection = new ChannelSelection(Channel) }, Lsn.First, default);
        RequestContext.Clear();
        Assert.Equal(_engines[silo].Committed, answer.Committed);
    }

    private static async Task<DymesException> RefusalAsync(Func<Task> read) => await Assert.ThrowsAsync<DymesException>(read);

    private async Task<MessageId[]> AppendAsync(params string[] bodies)
    {
        MessageDraft[] drafts = [.. bodies.Select(body => new MessageDraft(body) { Channel = Channel, Id = new MessageId(++_ids) })];
        _missing.AddRange(drafts);
        var result = await _engines[0].AppendAsync(MessageDraft.Request(drafts));
        return [.. result.Receipts.Select(receipt => receipt.Id)];
    }

    private async Task CatchUpAsync()
    {
        await _engines[1].AppendAsync(MessageDraft.Request([.. _missing]));
        _missing.Clear();
    }
}
