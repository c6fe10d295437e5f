using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests;

/// <summary>How an answer is read: in which pieces, and what the disk is asked for.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private const int Channels = 4;
    private const int PerChannel = 200;
    private const int BodyBytes = 6_000; // more than it is worth to read for nothing
    private static readonly MessageQuery OneChannel = new() { Selection = new ChannelSelection(new ChannelId(3)) };
    private readonly ManualClock _clock = new();
    private readonly DistantDisk _disk;
    private readonly DymesEngine _engine;

    public ReadingTests()
    {
        _disk = new DistantDisk(new SimulatedFileSystem(), _clock);
        _engine = EngineFixture.Open(_disk, _clock, EngineFixture.TinySegments(Channels * 100) with { SegmentBytesMax = 64 << 20 });
    }

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < PerChannel; i++)
        {
            await _engine.AppendAsync(MessageDraft.Request([.. Enumerable.Range(0, Channels).Select(channel => new MessageDraft(new string('x', BodyBytes)) { Channel = new ChannelId((uint)channel) })]));
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task The_first_page_comes_soon_and_later_ones_are_large()
    {
        var sizes = new List<int>();
        await foreach (var page in _engine.QueryAsync(new MessageQuery()))
        {
            sizes.Add(page.Frames.Length);
        }

        Assert.InRange(sizes[0], 1, 32 << 10);
        Assert.InRange(sizes[1], 64 << 10, 96 << 10);
        Assert.All(sizes.Skip(2).SkipLast(1), size => Assert.InRange(size, 256 << 10, 512 << 10));
    }

    [Fact]
    public async Task A_distant_disk_is_asked_for_many_messages_side_by_side()
    {
        _disk.Wait = TimeSpan.FromMicroseconds(100);

        Assert.Equal(PerChannel, (await _engine.ReadAsync(OneChannel)).Count);

        Assert.InRange(_disk.Waits, 2, PerChannel / 10);
        Assert.Equal(PerChannel, _disk.Waits + _disk.Expectations);
    }

    [Fact]
    public async Task What_is_in_memory_is_not_asked_for()
    {
        _disk.Wait = TimeSpan.FromMicroseconds(10);

        Assert.Equal(PerChannel, (await _engine.ReadAsync(OneChannel)).Count);

        Assert.Equal(0, _disk.Expectations);
    }
}
