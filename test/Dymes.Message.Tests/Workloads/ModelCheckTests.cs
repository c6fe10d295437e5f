using CsCheck;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;
using Dymes.Testing.Workloads;
using Xunit.Sdk;

namespace Dymes.Message.Tests.Workloads;

public sealed class ModelCheckTests
{
    [Fact]
    public Task The_model_agrees_with_itself() => WorkloadGen.Workloads(60).SampleAsync(
        workload => ModelCheck.RunAsync(workload, clock => ValueTask.FromResult<IMessageLog>(new InMemoryMessageLog(clock))),
        iter: 150);

    [Fact]
    public async Task Every_planted_bug_is_found_within_a_hundred_workloads()
    {
        var workloads = Some(100);
        foreach (var bug in Enum.GetValues<PlantedBug>())
        {
            Assert.True(await IsFoundAsync(workloads, bug) == (bug != PlantedBug.None), $"{bug}");
        }
    }

    [Fact]
    public async Task Workloads_reach_every_outcome()
    {
        var seen = new HashSet<AppendOutcome>();
        foreach (var workload in Some(60))
        {
            await ModelCheck.RunAsync(workload, clock => ValueTask.FromResult<IMessageLog>(new ObservedLog(new InMemoryMessageLog(clock), seen)));
        }

        Assert.Equal(Enum.GetValues<AppendOutcome>(), seen.Order());
    }

    [Fact]
    public async Task Workloads_bring_children_before_their_parents_and_tie_knots()
    {
        var (early, knots) = (0, 0);
        foreach (var workload in Some(60))
        {
            InMemoryMessageLog log = new();
            await ModelCheck.RunAsync(workload, clock => ValueTask.FromResult<IMessageLog>(log = new InMemoryMessageLog(clock)));
            var frames = (await log.ReadAllAsync()).ToDictionary(LogReading.IdOf);
            foreach (var (id, frame) in frames)
            {
                early += frames.TryGetValue(ParentOf(frame), out var parent) && LogReading.LsnOf(parent) > LogReading.LsnOf(frame) ? 1 : 0;
                knots += EndsInItself(frames, id) ? 1 : 0;
            }
        }

        Assert.True(early > 30, $"{early} children came before their parents");
        Assert.True(knots > 3, $"{knots} messages follow from themselves");
    }

    private static bool EndsInItself(Dictionary<MessageId, byte[]> frames, MessageId start)
    {
        var id = start;
        for (var step = 0; step < 50 && frames.TryGetValue(id, out var frame); step++)
        {
            id = ParentOf(frame);
            if (id == start)
            {
                return true;
            }
        }

        return false;
    }

    private static MessageId ParentOf(byte[] frame) => Frames.First(frame).CorrelationId;

    // Always the same ones, so that these claims do not depend on luck.
    private static Workload[] Some(int count)
    {
        var random = new PCG(1, 20_261_123);
        return [.. Enumerable.Range(0, count).Select(_ => WorkloadGen.Workloads(60).Generate(random, null, out var _))];
    }

    private static async Task<bool> IsFoundAsync(Workload[] workloads, PlantedBug bug)
    {
        foreach (var workload in workloads)
        {
            try
            {
                await ModelCheck.RunAsync(workload, clock => ValueTask.FromResult<IMessageLog>(new FlawedLog(clock, bug)));
            }
            catch (XunitException)
            {
                return true;
            }
        }

        return false;
    }

    private sealed class ObservedLog(IMessageLog log, HashSet<AppendOutcome> seen) : IMessageLog
    {
        public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
        {
            var result = await log.AppendAsync(request, cancellationToken);
            seen.UnionWith(result.Receipts.Select(receipt => receipt.Outcome));
            return result;
        }

        public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default) => log.QueryAsync(query, cancellationToken);

        public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default) =>
            log.SubscribeAsync(query, cancellationToken);

        public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) =>
            log.FindChannelAsync(channel, cancellationToken);

        public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) =>
            log.ListChannelsAsync(after, limit, cancellationToken);

        public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => log.GetStatusAsync(cancellationToken);
    }
}
