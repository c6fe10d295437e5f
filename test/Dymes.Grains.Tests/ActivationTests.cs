using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Tests.Cluster;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Grains.Tests;

/// <summary>Grains come and go; their answers stay.</summary>
public sealed class ActivationTests(GrainCluster shared) : IAsyncLifetime
{
    private static readonly ChannelId Channel = new(7);

    private DymesEngine _engine = null!;
    private GrainMessageLog _log = null!;
    private string _name = "";

    public ValueTask InitializeAsync()
    {
        (var dataset, _engine) = EngineDataset.Open(TimeProvider.System);
        _name = dataset.Name;
        _log = shared.Add(dataset);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_channel_grain_that_was_dropped_answers_as_before()
    {
        var root = await FillAsync(300);
        var before = await AnswersAsync(root);
        await DropAsync(root);
        Assert.Equal(before, await AnswersAsync(root));
        await _log.AppendAsync(MessageDraft.Request(new MessageDraft("new") { Channel = Channel, Parent = root }));
        Assert.Equal("new", (await AnswersAsync(root))[0][^1]);
    }

    [Fact]
    public async Task A_query_goes_on_when_the_grain_that_answers_it_is_dropped_halfway()
    {
        var root = await FillAsync(300, bodyBytes: 10_000);
        foreach (var selection in Selections(root))
        {
            var whole = await _log.BodiesAsync(selection);
            var pieces = new List<string>();
            await foreach (var page in _log.QueryAsync(new MessageQuery { Selection = selection }))
            {
                pieces.AddRange(Frames.Of(page).Select(LogReading.BodyOf));
                await DropAsync(root);
            }

            Assert.Equal(whole, pieces);
            Assert.True(whole.Count >= 299, "the answer has several pages");
        }
    }

    [Fact]
    public async Task A_subscription_goes_on_when_its_grain_is_dropped()
    {
        var root = await FillAsync(100);
        await using var follower = LogFollower.Start(_log, new MessageQuery { Selection = new ChannelSelection(Channel) });
        await follower.TakeHistoryAsync();
        await DropAsync(root);
        await FillAsync(50);
        Assert.Equal(Enumerable.Range(100, 50).Select(lsn => (ulong)lsn), (await follower.TakeAsync(50)).Select(frame => LogReading.LsnOf(frame).Value));
    }

    [Fact]
    public async Task Both_silos_give_the_same_answers()
    {
        var root = await FillAsync(200);
        foreach (var silo in shared.Silos.Silos)
        {
            var local = new GrainMessageLog((IGrainFactory)silo.ServiceProvider.GetService(typeof(IGrainFactory))!, _name);
            foreach (var selection in Selections(root))
            {
                Assert.Equal(await _engine.BodiesAsync(selection), await local.BodiesAsync(selection));
            }
        }
    }

    private static MessageSelection[] Selections(MessageId root) => [new ChannelSelection(Channel), new DescendantsSelection(root), new LogSelection()];

    private async Task<List<string>[]> AnswersAsync(MessageId root) => await Task.WhenAll(Selections(root).Select(selection => _log.BodiesAsync(selection)));

    // A root, and messages that follow from it, all in one channel.
    private async Task<MessageId> FillAsync(int count, int bodyBytes = 10)
    {
        var root = (await _log.AppendAsync(MessageDraft.Request(new MessageDraft("root") { Channel = Channel }))).First.Id;
        var drafts = Enumerable.Range(1, count - 1).Select(number => new MessageDraft($"{number}".PadLeft(bodyBytes)) { Channel = Channel, Parent = root });
        foreach (var chunk in drafts.Chunk(100))
        {
            await _log.AppendAsync(MessageDraft.Request(chunk));
        }

        return root;
    }

    private async Task DropAsync(MessageId root)
    {
        await shared.Silos.DeactivateAsync(shared.Client.GetGrain<IChannelGrain>(DatasetKeys.OfChannel(_name, Channel)));
        await shared.Silos.DeactivateAsync(shared.Client.GetGrain<ICorrelationGrain>(DatasetKeys.OfCorrelation(_name, root)));
    }
}
