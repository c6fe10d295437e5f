using Dymes.Common;
using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Hosting;
using Dymes.Grains.Tests.Cluster;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Grains.Tests.Cursors;

public sealed class CursorTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-cursors-");
    private readonly HostedDataset _dataset;
    private readonly DymesEngine _engine;
    private GrainCluster _cluster;

    public CursorTests()
    {
        (_dataset, _engine) = EngineDataset.Open(TimeProvider.System);
        _cluster = new GrainCluster(_directory, silos: 1, isGroup: false, _dataset);
    }

    private GrainMessageCursors Cursors => new(_cluster.Client, _dataset.Name);

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _engine.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    [Trait("original", "defect 11")]
    public async Task A_cursor_goes_on_where_it_was_after_its_node_was_restarted()
    {
        await AppendAsync("a", "b", "c");
        var id = await Cursors.OpenAsync(new MessageQuery());
        Assert.Equal(["a"], await ReadAsync(id, 1));

        await _cluster.DisposeAsync();
        _cluster = new GrainCluster(_directory, silos: 1, isGroup: false, _dataset);
        await _cluster.InitializeAsync();

        Assert.Equal(["b", "c"], await ReadAsync(id, 5));
        Assert.Empty((await ReadAsync(id, 5))!);
    }

    [Fact]
    public async Task A_cursor_goes_on_where_it_was_after_its_grain_was_dropped()
    {
        await AppendAsync("a", "b", "c", "d");
        var filter = new KvFilter(KvRelation.NotEqual, "skipped", "yes");
        var id = await Cursors.OpenAsync(new MessageQuery { Selection = new ChannelSelection(default), Filters = [filter], Limit = 3 });
        var read = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            read.AddRange((await ReadAsync(id, 1))!);
            await _cluster.Silos.DeactivateAsync(_cluster.Client.GetGrain<ICursorGrain>(DatasetKeys.OfCursor(_dataset.Name, id)));
        }

        Assert.Equal(["a", "b", "c"], read);
    }

    [Fact]
    public async Task A_cursor_gives_the_log_as_it_was_when_it_was_opened()
    {
        var empty = await Cursors.OpenAsync(new MessageQuery());
        await AppendAsync("a", "b");
        var two = await Cursors.OpenAsync(new MessageQuery { Order = QueryOrder.Descending });
        await AppendAsync("c");
        Assert.Empty((await ReadAsync(empty, 10))!);
        Assert.Equal(["b", "a"], await ReadAsync(two, 10));
    }

    [Fact]
    [Trait("original", "defect 11")]
    public async Task A_cursor_that_is_unknown_or_closed_is_told_apart_from_one_at_its_end()
    {
        Assert.Null(await ReadAsync(new CursorId(5), 1));
        Assert.False(await Cursors.CloseAsync(new CursorId(5)));
        var id = await Cursors.OpenAsync(new MessageQuery());
        Assert.Empty((await ReadAsync(id, 1))!);
        Assert.True(await Cursors.CloseAsync(id));
        Assert.False(await Cursors.CloseAsync(id));
        Assert.Null(await ReadAsync(id, 1));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_cursor_that_is_not_read_for_long_is_gone()
    {
        var id = await Cursors.OpenAsync(new MessageQuery());
        _cluster.Clock.Step(_cluster.Cursors.IdleTime);
        Assert.NotNull(await ReadAsync(id, 1));
        _cluster.Clock.Step(_cluster.Cursors.IdleTime + TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReadAsync(id, 1));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_cursor_file_that_is_damaged_is_no_cursor()
    {
        var id = await Cursors.OpenAsync(new MessageQuery());
        await _cluster.Silos.DeactivateAsync(_cluster.Client.GetGrain<ICursorGrain>(DatasetKeys.OfCursor(_dataset.Name, id)));
        var file = Assert.Single(Files());
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        Assert.Null(await ReadAsync(id, 1));
    }

    [Fact]
    public async Task More_cursors_than_allowed_are_refused_until_one_is_closed()
    {
        var ids = new List<CursorId>();
        for (var i = 0; i < _cluster.Cursors.OpenMax; i++)
        {
            ids.Add(await Cursors.OpenAsync(new MessageQuery()));
        }

        var refusal = await Assert.ThrowsAsync<DymesException>(async () => await Cursors.OpenAsync(new MessageQuery()));
        Assert.Equal(ErrorCode.Overloaded, refusal.Code);
        await Cursors.CloseAsync(ids[0]);
        await Cursors.OpenAsync(new MessageQuery());
    }

    private string[] Files() => Directory.GetFiles(Path.Combine(_directory.FullName, _dataset.Name, "cursors"));

    private async Task AppendAsync(params string[] bodies) => await _engine.AppendAsync(MessageDraft.Request([.. bodies.Select(body => new MessageDraft(body))]));

    private async Task<List<string>?> ReadAsync(CursorId id, int count) =>
        await Cursors.ReadAsync(id, count) is { } page ? [.. Frames.Of(page).Select(LogReading.BodyOf)] : null;
}
