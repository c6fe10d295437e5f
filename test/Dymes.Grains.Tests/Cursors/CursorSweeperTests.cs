using System.Diagnostics.Metrics;
using Dymes.Common;
using Dymes.Grains.Cursors;
using Dymes.Grains.Hosting;
using Dymes.Message.Log;
using Dymes.MessageStore.Files;
using Dymes.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;

namespace Dymes.Grains.Tests.Cursors;

/// <summary>Cursors that nobody comes back to, by the clock alone: no grain is asked.</summary>
public sealed class CursorSweeperTests : IDisposable
{
    private const string Dataset = "swept";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-sweep-");
    private readonly ManualClock _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSerializer(serializer => serializer.AddAssembly(typeof(CursorStore).Assembly)).BuildServiceProvider();
    private readonly CursorOptions _options;
    private readonly CursorStore _store;

    public CursorSweeperTests()
    {
        _options = new CursorOptions { DataPath = _directory.FullName, IdleTime = TimeSpan.FromHours(1), OpenMax = 2 };
        _store = new CursorStore(
            OsFileSystem.Instance, _options, new CursorFormat(_services.GetRequiredService<Serializer<CursorPlace>>()), _services.GetRequiredService<IMeterFactory>(), NullLogger<CursorStore>.Instance);
    }

    private string Files => Path.Combine(_directory.FullName, Dataset, "cursors");

    public void Dispose()
    {
        _services.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task An_idle_cursor_is_swept_by_the_clock_and_its_place_is_free_again()
    {
        using var sweeper = await StartAsync();
        _store.Keep(Dataset, new CursorId(1), Place());
        _clock.Advance(_options.IdleTime - TimeSpan.FromMinutes(1));
        _store.Keep(Dataset, new CursorId(2), Place());
        Assert.Equal(2, Directory.GetFiles(Files).Length);

        await AdvanceUntilAsync(() => Directory.GetFiles(Files).Length == 1);

        Assert.Null(_store.Find(Dataset, new CursorId(1)));
        Assert.NotNull(_store.Find(Dataset, new CursorId(2)));
        await UntilAsync(() => TryAdd(new CursorId(3))); // the file is gone a moment before its place is free
        await sweeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_idle_at_the_start_is_swept_then_and_what_a_crash_left_half_written_too()
    {
        _store.Keep(Dataset, new CursorId(1), Place());
        await File.WriteAllTextAsync(Path.Combine(Files, "ff.cursor.new"), "half");
        _clock.Advance(_options.IdleTime * 2);

        using var sweeper = await StartAsync();

        await UntilAsync(() => Directory.GetFiles(Files).Length == 0);
        await sweeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_closed_is_remembered_for_as_long_as_an_idle_cursor_and_not_for_more_than_may_be_open()
    {
        var closed = Place() with { Rest = null, Version = 2 };
        _store.Keep(Dataset, new CursorId(1), Place());
        foreach (var id in Enumerable.Range(1, 3))
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _store.Keep(Dataset, new CursorId((UInt128)id), closed with { LastUsed = _clock.GetUtcNow() });
        }

        using var sweeper = await StartAsync();
        await UntilAsync(() => Directory.GetFiles(Files).Length == 2);
        Assert.Null(_store.Find(Dataset, new CursorId(1)));
        Assert.True(_store.Find(Dataset, new CursorId(2))!.IsClosed);
        Assert.True(_store.Keep(Dataset, new CursorId(3), Place() with { Version = 99 }).IsClosed);

        _clock.Advance(_options.IdleTime * 2);
        await UntilAsync(() => Directory.GetFiles(Files).Length == 0);
        await sweeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void The_newest_place_is_kept_whatever_comes_later()
    {
        var place = Place();
        Assert.Equal(2ul, _store.Keep(Dataset, new CursorId(1), place with { Version = 2 }).Version);
        Assert.Equal(2ul, _store.Keep(Dataset, new CursorId(1), place with { Version = 1 }).Version);
        Assert.Equal(3ul, _store.Keep(Dataset, new CursorId(1), place with { Version = 3 }).Version);
        Assert.Equal(3ul, _store.Find(Dataset, new CursorId(1))!.Version);
    }

    private bool TryAdd(CursorId id)
    {
        try
        {
            _store.Keep(Dataset, id, Place());
            return true;
        }
        catch (DymesException error) when (error.Code == ErrorCode.Overloaded)
        {
            return false;
        }
    }

    private CursorPlace Place() => new(new MessageQuery(), _clock.GetUtcNow(), Version: 1);

    private async Task<CursorSweeper> StartAsync()
    {
        var sweeper = new CursorSweeper(_store, new DatasetRegistry([new HostedDataset(Dataset, null!, null!)]), _clock, NullLogger<CursorSweeper>.Instance);
        await sweeper.StartAsync(CancellationToken.None);
        return sweeper;
    }

    // A tick is noticed on another thread, so the clock goes on until it was; no further than to where the younger cursor would be idle.
    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (var minute = 0; minute < 45 && !condition(); minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await UntilAsync(condition);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
