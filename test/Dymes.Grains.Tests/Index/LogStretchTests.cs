using CsCheck;
using Dymes.Common;
using Dymes.Grains.Index;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Tests.Index;

public sealed class LogStretchTests
{
    // From two on: a stretch that ends at 0 would be named by the position that means the start.
    [Fact]
    public void Stretches_follow_each_other_without_gap_or_overlap_and_none_is_larger_than_allowed() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 60], Gen.Int[2, 20], Gen.Bool).Sample((from, to, max, isDescending) =>
        {
            var query = new MessageQuery
            {
                Bounds = MessageBounds.Everything with { FromLsn = new Lsn((ulong)from), ToLsn = new Lsn((ulong)to) },
                Order = isDescending ? QueryOrder.Descending : QueryOrder.Ascending,
            };
            var expected = Enumerable.Range(0, 61).Where(lsn => lsn >= from && lsn <= to).ToList();
            var told = new List<int>();
            var stretch = LogStretch.Of(query, (ulong)max);
            while (true)
            {
                var positions = expected.Where(lsn => IsWithin(stretch.Query, (ulong)lsn)).ToList();
                Assert.True(positions.Count <= max, $"{positions.Count} positions in one stretch");
                told.AddRange(isDescending ? Enumerable.Reverse(positions) : positions);
                if (stretch.Last is not { } last)
                {
                    break;
                }

                stretch = LogStretch.Of(query with { After = new QueryPosition(last.Value, MessageId.None) }, (ulong)max);
            }

            Assert.Equal(isDescending ? Enumerable.Reverse(expected) : expected, told);
        });

    [Fact]
    public void A_query_by_a_key_is_left_whole()
    {
        var query = new MessageQuery { Selection = new TimeSelection() };
        Assert.Same(query, LogStretch.Of(query, 1).Query);
    }

    private static bool IsWithin(MessageQuery query, ulong lsn) =>
        query.Bounds.Contains(new Lsn(lsn), MessageId.None)
        && (query.After is not { IsStart: false } after || (query.Order == QueryOrder.Ascending ? lsn > after.Ordinal : lsn < after.Ordinal));
}
