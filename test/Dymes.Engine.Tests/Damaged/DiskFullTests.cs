using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore.Files;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>The disk fills up: appends are refused while there is still room for what was begun, reads go on, and space that is freed is noticed.</summary>
public sealed class DiskFullTests
{
    private const int Capacity = 2 << 20;

    [Fact]
    public async Task Appends_are_refused_before_a_write_fails_and_taken_again_when_space_is_freed()
    {
        var files = new SimulatedFileSystem { CapacityBytes = Capacity };
        var engine = EngineFixture.Open(files, new HastyClock(), EngineFixture.TinySegments(20) with { ReserveBytes = Capacity / 4 });
        for (var round = 1; round <= 3; round++)
        {
            var refusal = await FillAsync(engine, []);
            Assert.Equal(ErrorCode.DiskFull, refusal.Code);
            Assert.Contains(EngineFixture.Directory, refusal.Message, StringComparison.Ordinal);
            var status = await engine.GetStatusAsync();
            Assert.Equal(LogCondition.DiskFull, status.Condition);
            Assert.InRange(files.UsedBytes, 1, files.CapacityBytes - 1);
            Assert.Equal(status.NextLsn.Value, (ulong)(await engine.ReadAllAsync()).Count);
            files.CapacityBytes += Capacity;
            await UntilTakenAsync(engine);
            Assert.Equal(LogCondition.Ready, (await engine.GetStatusAsync()).Condition);
        }

        await engine.DisposeAsync();
        Assert.Empty(StoredDataset.Check(files).Faults);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    public async Task Without_a_reserve_the_write_fails_and_nothing_acknowledged_is_lost(int segmentMessages)
    {
        var files = new SimulatedFileSystem { CapacityBytes = Capacity };
        var store = EngineFixture.TinySegments(segmentMessages);
        var engine = EngineFixture.Open(files, new HastyClock(), store);
        var acknowledged = new List<MessageId>();
        var refusal = await FillAsync(engine, acknowledged);
        Assert.Contains(refusal.Code, new[] { ErrorCode.OutcomeUnknown, ErrorCode.StorageFailed });
        Assert.Equal(LogCondition.Failed, (await engine.GetStatusAsync()).Condition);
        Assert.Equal(acknowledged, (await engine.ReadAllAsync()).Select(LogReading.IdOf));
        Assert.Equal(ErrorCode.StorageFailed, (await Assert.ThrowsAsync<DymesException>(async () => await engine.AppendAsync(Request()))).Code);
        await engine.DisposeAsync();

        files.CapacityBytes *= 2;
        engine = EngineFixture.Open(files, new HastyClock(), store);
        var found = (await engine.ReadAllAsync()).Select(LogReading.IdOf).ToArray();
        Assert.Equal(acknowledged, found.Take(acknowledged.Count));
        Assert.InRange(found.Length - acknowledged.Count, 0, 1);
        await engine.AppendAsync(Request());
        await engine.DisposeAsync();
        Assert.Empty(StoredDataset.Check(files).Faults);
    }

    [Fact]
    public async Task An_index_that_cannot_be_written_stays_in_memory_and_gets_its_file_at_a_later_start()
    {
        var files = new SimulatedFileSystem();
        var full = new WithoutRoomForIndexes(files);
        var logger = new CollectingLogger();
        var options = new EngineOptions { Store = StoredDataset.Options };
        var engine = DymesEngine.Open(options, full, new HastyClock(), logger);
        for (var i = 0; i < 22; i++)
        {
            await engine.AppendAsync(MessageDraft.Request(new MessageDraft($"message {i}") { Channel = new ChannelId((UInt128)(uint)(i % 3)), Parent = LastId(await engine.ReadAllAsync()) }));
        }

        var known = await engine.ReadAllAsync();
        var questions = new Questions(known);
        Assert.Equal(0, await questions.AskAsync(engine, null));
        await engine.DisposeAsync();
        Assert.DoesNotContain(files.Paths, path => path.EndsWith(".idx", StringComparison.Ordinal));
        Assert.Contains(logger.Complaints, line => line.Contains("Segment 1", StringComparison.Ordinal) && line.Contains("stays in memory", StringComparison.Ordinal));

        engine = DymesEngine.Open(options, full, new HastyClock(), logger); // a start on a disk that is still full
        Assert.Equal(0, await questions.AskAsync(engine, null));
        await engine.DisposeAsync();

        engine = DymesEngine.Open(options, files, new HastyClock());
        Assert.Equal(0, await questions.AskAsync(engine, null));
        await engine.DisposeAsync();
        Assert.Empty(StoredDataset.Check(files).Faults);
        Assert.Equal(4, files.Paths.Count(path => path.EndsWith(".idx", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_dataset_on_a_full_disk_opens_to_be_read()
    {
        var dataset = await StoredDataset.KilledAsync();
        var files = dataset.Copy();
        files.CapacityBytes = files.UsedBytes;
        await using var engine = EngineFixture.Open(files, new HastyClock(), StoredDataset.Options with { ReserveBytes = 1 << 20 });
        Assert.Equal(0, await new Questions(dataset.Frames).AskAsync(engine, null));
        Assert.Equal(ErrorCode.DiskFull, (await Assert.ThrowsAsync<DymesException>(async () => await engine.AppendAsync(Request()))).Code);
    }

    [Fact]
    public async Task A_new_dataset_on_a_full_disk_is_refused_as_such()
    {
        var files = new SimulatedFileSystem { CapacityBytes = 100 };
        var refusal = Assert.Throws<DymesException>(() => EngineFixture.Open(files, new HastyClock()));
        Assert.Equal(ErrorCode.DiskFull, refusal.Code);
        files.CapacityBytes = Capacity;
        await EngineFixture.Open(files, new HastyClock()).DisposeAsync(); // the refusal left no lock behind
    }

    private static async Task<DymesException> FillAsync(DymesEngine engine, List<MessageId> acknowledged)
    {
        try
        {
            for (var i = 0; i < 10_000; i++)
            {
                acknowledged.Add((await engine.AppendAsync(Request())).First.Id);
            }
        }
        catch (DymesException refusal)
        {
            return refusal;
        }

        throw new InvalidOperationException("The disk never became full.");
    }

    // The clock moves with every question, so the next look at the disk is a few requests away.
    private static async Task UntilTakenAsync(DymesEngine engine)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await engine.AppendAsync(Request());
                return;
            }
            catch (DymesException refusal) when (refusal.Code == ErrorCode.DiskFull && i < 10)
            {
                // not looked at yet
            }
        }
    }

    private static AppendRequest Request() => MessageDraft.Request(new MessageDraft(new string('x', 3_000)));

    private static MessageId LastId(List<byte[]> frames) => frames.Count == 0 ? default : LogReading.IdOf(frames[^1]);

    /// <summary>Thirty milliseconds pass whenever somebody asks.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Interlocked.Add(ref _milliseconds, 30);
    }

    /// <summary>A disk on which no index file finds room.</summary>
    private sealed class WithoutRoomForIndexes(IFileSystem inner) : PassingFileSystem(inner)
    {
        public override IDataFile Open(string path, DataFileMode mode) => mode == DataFileMode.Create && path.Contains(".idx", StringComparison.Ordinal)
            ? throw new DiskFullException($"No room for {path}.")
            : base.Open(path, mode);
    }
}
