using BenchmarkDotNet.Attributes;
using Dymes.Common;
using Dymes.Engine;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;

namespace Dymes.Benchmarks.Micro;

/// <summary>What it costs to find positions in a million messages of 128 bytes, 125 in each of 8,000 channels, over several segments: from the indexes alone, no message is read.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class IndexBenchmarks
{
    private const int Channels = 8000;
    private const int PerChannel = 125;
    private const int BodyBytes = 128;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-bench-");
    private readonly MessageId[] _ids = new MessageId[Channels];
    private DymesEngine _engine = null!;
    private int _turn;

    /// <summary>Fills the log.</summary>
    [GlobalSetup]
    public async Task FillAsync()
    {
        _engine = DymesEngine.Open(
            new EngineOptions { Store = new StoreOptions { Directory = Path.Combine(_directory.FullName, "default"), SegmentBytesMax = 32 << 20 } }, OsFileSystem.Instance, TimeProvider.System);
        var frames = SampleMessages.Frames(Channels, Channels, BodyBytes);
        for (var round = 0; round < PerChannel; round++)
        {
            var result = await _engine.AppendAsync(new AppendRequest { Frames = frames, Count = Channels });
            var asked = round * Channels / PerChannel;
            for (var i = asked; i < asked + (Channels / PerChannel); i++)
            {
                _ids[i] = result.Receipts[i].Id;
            }
        }
    }

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public async Task RemoveAsync()
    {
        await _engine.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    /// <summary>A message by its id, which follows from no other.</summary>
    [Benchmark]
    public ValueTask<IReadOnlyList<Lsn>> Id() => _engine.Index.AncestorPositionsAsync(_ids[Next()]);

    /// <summary>An id that is nowhere, of a time when there were messages.</summary>
    [Benchmark]
    public ValueTask<IReadOnlyList<Lsn>> UnknownId() => _engine.Index.AncestorPositionsAsync(new MessageId(_ids[Next()].Value ^ (UInt128.One << 40)));

    /// <summary>All that followed from a message: nothing.</summary>
    [Benchmark]
    public ValueTask<IReadOnlyList<Lsn>> Descendants() => _engine.Index.DescendantPositionsAsync(_ids[Next()]);

    /// <summary>All messages of a channel.</summary>
    [Benchmark]
    public ValueTask<IReadOnlyList<Lsn>> Channel() => _engine.Index.ChannelPositionsAsync(new ChannelId((UInt128)Next()), Lsn.First, Lsn.Max, PerChannel);

    // Far apart from one call to the next, so that no cache of the processor has it.
    private int Next() => _turn = (_turn + 2503) % Channels;
}
