using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests;

/// <summary>
/// Short workloads on a disk that dies amid some write, flush or rename, in every way that a disk may be found afterwards: what was acknowledged is there once and to the byte, what was not
/// is there whole or not at all, and the log can be appended to.
/// </summary>
public sealed class CrashTests
{
    private const int AppendsPerRun = 12;

    [Theory]
    [InlineData(CrashMode.LoseUnflushed, 600)]
    [InlineData(CrashMode.KeepUnflushed, 200)]
    [InlineData(CrashMode.Tear, 1_200)]
    [InlineData(CrashMode.KillProcess, 300)]
    public async Task Nothing_acknowledged_is_lost_whenever_the_disk_dies(CrashMode mode, int seeds)
    {
        var steps = await StepsOfAWholeRunAsync();
        for (var seed = 0; seed < seeds; seed++)
        {
            var run = new CrashRun(seed, new SteppingClock());
            await run.UntilCrashAsync(1 + (seed % (int)steps));
            await run.RestartAsync(mode);
            await run.AppendSeveralAsync(AppendsPerRun);
            await run.RestartAsync(CrashMode.LoseUnflushed); // and what was appended after the crash holds too
            await run.CloseAsync();
        }
    }

    [Fact]
    public async Task A_flush_that_fails_ends_the_appends_but_not_the_reads()
    {
        for (var ordinal = 3; ordinal < 9; ordinal++)
        {
            var run = new CrashRun(ordinal, new SteppingClock());
            run.Files.FailFlush(ordinal);
            await run.AppendSeveralAsync(AppendsPerRun * 3);
            var status = await run.Engine.GetStatusAsync();
            if (status.Condition != LogCondition.Ready)
            {
                Assert.Equal(LogCondition.Failed, status.Condition);
                var refusal = await Assert.ThrowsAsync<DymesException>(async () => await run.Engine.AppendAsync(MessageDraft.Request(new MessageDraft("late"))));
                Assert.Equal(ErrorCode.StorageFailed, refusal.Code);
                Assert.Equal(status.NextLsn.Value, (ulong)(await run.Engine.ReadAllAsync()).Count);
            }

            await run.RestartAsync(CrashMode.LoseUnflushed);
            await run.CloseAsync();
        }
    }

    private static async Task<long> StepsOfAWholeRunAsync()
    {
        var run = new CrashRun(0, new SteppingClock());
        await run.AppendSeveralAsync(AppendsPerRun * 2);
        await run.CloseAsync();
        return run.Files.Steps;
    }

    private sealed class CrashRun(int seed, SteppingClock clock)
    {
        private static readonly StoreOptions Options = EngineFixture.TinySegments(4);
        private readonly Random _random = new(seed);
        private readonly ConcurrentDictionary<MessageId, byte[]> _acknowledged = [];
        private readonly HashSet<UInt128> _sent = [];
        private int _serial;
        private DymesEngine? _engine;

        public SimulatedFileSystem Files { get; private set; } = new();

        public DymesEngine Engine => _engine ??= EngineFixture.Open(Files, clock, Options);

        public async Task UntilCrashAsync(long step)
        {
            Files.CrashAtStep(step);
            try
            {
                await AppendSeveralAsync(AppendsPerRun);
                await CloseAsync();
                await AppendSeveralAsync(AppendsPerRun);
            }
            catch (IOException)
            {
                // the disk died while the engine was being opened or closed
            }
        }

        public async Task AppendSeveralAsync(int requests)
        {
            for (var i = 0; i < requests; i++)
            {
                clock.Step(TimeSpan.FromMilliseconds(_random.Next(-20, 30)));
                var both = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => AppendAsync()).ToArray();
                if (!(await Task.WhenAll(both)).All(done => done))
                {
                    return;
                }
            }
        }

        public async Task RestartAsync(CrashMode mode)
        {
            Files = Files.Crash(mode, seed);
            await CloseAsync();
            await CheckAsync();
        }

        public async Task CloseAsync()
        {
            if (_engine is { } engine)
            {
                _engine = null;
                try
                {
                    await engine.DisposeAsync();
                }
                catch (IOException)
                {
                    // the disk of the process that died
                }
            }
        }

        private async Task<bool> AppendAsync()
        {
            var drafts = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Draft()).ToArray();
            foreach (var draft in drafts)
            {
                _sent.Add(Frames.First(draft.ToFrame()).PayloadChecksum);
            }

            try
            {
                var receipts = (await Engine.AppendAsync(MessageDraft.Atomic(drafts))).Receipts;
                foreach (var (draft, receipt) in drafts.Zip(receipts))
                {
                    Assert.Equal(AppendOutcome.Appended, receipt.Outcome);
                    var frame = draft.ToFrame();
                    FrameStamp.Stamp(frame, receipt.Lsn, receipt.Id);
                    Assert.True(_acknowledged.TryAdd(receipt.Id, frame));
                }

                return true;
            }
            catch (DymesException error) when (error.Code is ErrorCode.StorageFailed or ErrorCode.OutcomeUnknown)
            {
                return false;
            }
        }

        // One in eight makes its batch a large one, which goes to the disk in blocks.
        private MessageDraft Draft() => new($"message {_serial++} {new string('x', _random.Next(8) > 0 ? _random.Next(3_000) : StoreLimits.LargeBatchBytes + _random.Next(9_000))}")
        {
            Channel = new ChannelId((UInt128)(uint)_random.Next(3)),
        };

        private async Task CheckAsync()
        {
            var frames = await Engine.ReadAllAsync();
            Assert.Equal(Enumerable.Range(0, frames.Count).Select(lsn => (ulong)lsn), frames.Select(frame => LogReading.LsnOf(frame).Value));
            Assert.All(frames, frame => Assert.Contains(Frames.First(frame).PayloadChecksum, _sent));
            Assert.Equal(frames.Count, frames.Select(LogReading.IdOf).Distinct().Count());
            var byId = frames.ToDictionary(LogReading.IdOf);
            Assert.All(_acknowledged, pair => Assert.True(pair.Value.AsSpan().SequenceEqual(byId.GetValueOrDefault(pair.Key)), $"{pair.Key} was acknowledged"));
            await CheckIndexesAsync(frames);
            foreach (var (id, frame) in byId)
            {
                _acknowledged[id] = frame; // what was found once is found ever after
            }
        }

        private async Task CheckIndexesAsync(List<byte[]> frames)
        {
            foreach (var channel in frames.GroupBy(frame => Frames.First(frame).Channel))
            {
                Assert.Equal(Digests(channel), Digests(await Engine.ReadAsync(new MessageQuery { Selection = new ChannelSelection(channel.Key) })));
                Assert.Equal((ulong)channel.Count(), (await Engine.FindChannelAsync(channel.Key))!.Count);
            }

            Assert.Equal(Digests(frames.OrderBy(LogReading.IdOf)), Digests(await Engine.ReadAsync(new MessageQuery { Selection = new TimeSelection() })));
        }

        private static IEnumerable<UInt128> Digests(IEnumerable<byte[]> frames) => frames.Select(frame => Checksum.Of(frame));
    }
}
