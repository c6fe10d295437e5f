using Dymes.Common;
using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Cursors;
using Dymes.Grains.Hosting;
using Dymes.Grains.Tests.Cluster;
using Dymes.Message.Log;
using Dymes.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

namespace Dymes.Grains.Tests.Cursors;

/// <summary>Cursors that three silos keep together, each on a disk of its own.</summary>
public sealed class CursorGroupTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-cursors-");
    private readonly HostedDataset _dataset;
    private readonly DymesEngine _engine;
    private readonly GrainCluster _cluster;

    public CursorGroupTests()
    {
        (_dataset, _engine) = EngineDataset.Open(TimeProvider.System);
        _cluster = new GrainCluster(_directory, silos: 3, isGroup: true, _dataset);
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
    public async Task A_cursor_whose_silo_is_killed_goes_on_at_another_and_leaves_nothing_out()
    {
        await AppendAsync("a", "b", "c", "d");
        var id = await OpenAtAsync(_cluster.Silos.Silos[2]);
        Assert.Equal(["a"], await ReadAsync(id, 1));
        await SaveAsync(id);
        Assert.Equal(["b"], await ReadAsync(id, 1));

        await _cluster.Silos.KillSiloAsync(_cluster.Silos.Silos[2]);

        // What was given in the last moment may come again; what was saved does not.
        var rest = await UntilReadAsync(id, 5);
        Assert.Contains(string.Join(' ', rest), new[] { "b c d", "c d" });
        Assert.Empty(await UntilReadAsync(id, 5));
    }

    [Fact]
    public async Task A_cursor_survives_the_silo_that_opened_it_at_once()
    {
        await AppendAsync("a", "b");
        var id = await OpenAtAsync(_cluster.Silos.Silos[2]);
        await _cluster.Silos.KillSiloAsync(_cluster.Silos.Silos[2]);
        Assert.Equal(["a", "b"], await UntilReadAsync(id, 5));
        Assert.True(await Cursors.CloseAsync(id));
        Assert.Null(await Cursors.ReadAsync(id, 1));
    }

    [Fact]
    public async Task A_silo_that_was_away_neither_misses_a_place_nor_brings_a_closed_cursor_back()
    {
        var (closed, moved, opened) = (new CursorId(1), new CursorId(2), new CursorId(3));
        await KeepersOf(0).KeepAsync(_dataset.Name, closed, Place(1));
        await KeepersOf(0).KeepAsync(_dataset.Name, moved, Place(1));
        await UntilKeptAsync(2, moved);
        await UntilKeptAsync(2, closed);
        var away = _cluster.Silos.Silos[2];
        await _cluster.Silos.StopSiloAsync(away);
        await KeepersOf(0).CloseAsync(_dataset.Name, closed, Place(2) with { Rest = null });
        await KeepersOf(1).KeepAsync(_dataset.Name, moved, Place(7));
        await KeepersOf(1).KeepAsync(_dataset.Name, opened, Place(1));

        await _cluster.Silos.StartAdditionalSiloAsync();

        // Its disk is as it was: it keeps the old places, and asks the others, as they ask it.
        var back = _cluster.Silos.Silos.Single(silo => silo.Name == away.Name);
        Assert.Equal(1ul, StoreOf(back).Find(_dataset.Name, moved)!.Version);
        Assert.Null(StoreOf(back).Find(_dataset.Name, opened));
        foreach (var silo in _cluster.Silos.Silos)
        {
            var keepers = silo.ServiceProvider.GetRequiredService<CursorKeepers>();
            Assert.True((await keepers.FindAsync(_dataset.Name, closed))!.IsClosed);
            Assert.Equal(7ul, (await keepers.FindAsync(_dataset.Name, moved))!.Version);
            Assert.Equal(1ul, (await keepers.FindAsync(_dataset.Name, opened))!.Version);
        }
    }

    [Fact]
    public async Task What_a_majority_has_kept_is_found_through_every_silo()
    {
        var id = new CursorId(9);
        foreach (var (silo, version) in new[] { (0, 5ul), (1, 5ul), (2, 3ul) })
        {
            StoreOf(_cluster.Silos.Silos[silo]).Keep(_dataset.Name, id, Place(version));
        }

        foreach (var silo in Enumerable.Range(0, 3))
        {
            Assert.Equal(5ul, (await KeepersOf(silo).FindAsync(_dataset.Name, id))!.Version);
        }

        Assert.True(await Cursors.CloseAsync(id));
        foreach (var silo in Enumerable.Range(0, 3))
        {
            Assert.True((await KeepersOf(silo).KeepAsync(_dataset.Name, id, Place(99))).IsClosed);
        }
    }

    [Fact]
    public async Task Without_a_majority_a_cursor_is_neither_opened_nor_read()
    {
        await AppendAsync("a", "b");
        var id = await OpenAtAsync(_cluster.Silos.Silos[0]);
        await _cluster.Silos.KillSiloAsync(_cluster.Silos.Silos[2]);
        await _cluster.Silos.KillSiloAsync(_cluster.Silos.Silos[1]);
        Assert.Contains("1 of the 3 silos that keep cursors answer, and it takes 2", (await RefusalAsync(() => KeepersOf(0).FindAsync(_dataset.Name, id))).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.NotReady, (await RefusalAsync(() => KeepersOf(0).KeepAsync(_dataset.Name, new CursorId(4), Place(1)))).Code);
    }

    private static async Task<DymesException> RefusalAsync(Func<Task> call) => await Assert.ThrowsAsync<DymesException>(call);

    private static CursorPlace Place(ulong version) => new(new MessageQuery(), TimeProvider.System.GetUtcNow(), version);

    private CursorKeepers KeepersOf(int silo) => _cluster.Silos.Silos[silo].ServiceProvider.GetRequiredService<CursorKeepers>();

    private static CursorStore StoreOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<CursorStore>();

    private async Task<CursorId> OpenAtAsync(InProcessSiloHandle silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
        var id = await Cursors.OpenAsync(new MessageQuery());
        RequestContext.Clear();
        return id;
    }

    // A grain that goes saves its place before.
    private Task SaveAsync(CursorId id) => _cluster.Silos.DeactivateAsync(_cluster.Client.GetGrain<ICursorGrain>(DatasetKeys.OfCursor(_dataset.Name, id)));

    private async Task AppendAsync(params string[] bodies) => await _engine.AppendAsync(MessageDraft.Request([.. bodies.Select(body => new MessageDraft(body))]));

    private async Task UntilKeptAsync(int silo, CursorId id)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (StoreOf(_cluster.Silos.Silos[silo]).Find(_dataset.Name, id) is null)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // Until the loss of a silo is known, calls of its grains fail.
    private async Task<List<string>> UntilReadAsync(CursorId id, int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            try
            {
                return Assert.IsType<List<string>>(await ReadAsync(id, count));
            }
            catch (DymesException) when (!deadline.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<List<string>?> ReadAsync(CursorId id, int count) =>
        await Cursors.ReadAsync(id, count) is { } page ? [.. Frames.Of(page).Select(LogReading.BodyOf)] : null;
}
