using CsCheck;
using Dymes.Common;
using Dymes.Engine;
using Dymes.Grains.Index;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Tests.Index;

public sealed class ChannelWindowTests
{
    private const int Capacity = 16;

    private static readonly Gen<(int[] Gaps, int[] Follows, int From, int To, bool IsDescending)> Cases = Gen.Select(
        Gen.Int[1, 4].Array[0, 80], Gen.Int[1, 200].Array[1, 5], Gen.Int[0, 200], Gen.Int[0, 200], Gen.Bool);

    [Fact]
    public Task What_a_window_tells_is_what_the_index_holds_and_it_never_holds_more_than_its_capacity() => Cases.SampleAsync(
        async test =>
        {
            var positions = test.Gaps.Select((_, index) => new Lsn((ulong)test.Gaps.Take(index + 1).Sum())).ToArray();
            var window = new ChannelWindow(new ListIndex(positions), default, Capacity);
            foreach (var end in test.Follows.Order().Select(follow => new Lsn((ulong)follow)))
            {
                await window.FollowAsync(end, (ulong)positions.Count(position => position < end));
                Assert.True(window.Count <= Capacity, $"{window.Count} positions are held");
                Check(window, positions, test.From, test.To, test.IsDescending, end);
            }
        },
        iter: 2000);

    [Fact]
    public async Task A_channel_within_the_capacity_is_known_whole()
    {
        var positions = Enumerable.Range(0, Capacity).Select(index => new Lsn((ulong)index * 3)).ToArray();
        var window = new ChannelWindow(new ListIndex(positions), default, Capacity);
        await window.FollowAsync(new Lsn(100), Capacity);
        var slice = window.Slice(new MessageQuery(), new Lsn(100));
        Assert.Equal(positions, slice!.Positions);
        Assert.True(slice.IsComplete);
    }

    // Walks a query slice by slice, up to where the window passes it on to the engine.
    private static void Check(ChannelWindow window, Lsn[] positions, int from, int to, bool isDescending, Lsn end)
    {
        var query = new MessageQuery
        {
            Bounds = MessageBounds.Everything with { FromLsn = new Lsn((ulong)from), ToLsn = new Lsn((ulong)to) },
            Order = isDescending ? QueryOrder.Descending : QueryOrder.Ascending,
        };
        var expected = positions.Where(position => position < end && position >= query.Bounds.FromLsn && position <= query.Bounds.ToLsn).ToList();
        if (isDescending)
        {
            expected.Reverse();
        }

        var told = new List<Lsn>();
        while (window.Slice(query, end) is { } slice)
        {
            told.AddRange(slice.Positions);
            if (slice.IsComplete)
            {
                Assert.Equal(expected, told);
                return;
            }

            Assert.NotEmpty(slice.Positions);
            query = query with { After = new QueryPosition(told[^1].Value, new MessageId(1)) };
        }

        Assert.Equal(expected.Take(told.Count), told);
    }

    private sealed class ListIndex(Lsn[] positions) : ILogIndex
    {
        public Lsn Committed => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Lsn>> ChannelPositionsAsync(ChannelId channel, Lsn from, Lsn to, int limit, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IReadOnlyList<Lsn>>([.. positions.Where(position => position >= from && position <= to).Take(limit)]);

        public ValueTask<Lsn> WaitBeyondAsync(Lsn committed, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Lsn>> DescendantPositionsAsync(MessageId root, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Lsn>> AncestorPositionsAsync(MessageId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<FramePage> ReadAsync(IReadOnlyList<Lsn> positions, MessageQuery query, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
