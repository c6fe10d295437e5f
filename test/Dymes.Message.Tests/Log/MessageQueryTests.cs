using CsCheck;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Message.Tests.Log;

public sealed class MessageQueryTests
{
    [Fact]
    public void A_refusal_names_the_field()
    {
        AssertRefused("limit", new MessageQuery { Limit = 0 });
        AssertRefused("ids", new MessageQuery { Selection = new IdsSelection([]) });
        AssertRefused("ids", new MessageQuery { Selection = new IdsSelection(new MessageId[MessageLimits.QueryIdsMax + 1]) });
        AssertRefused("order", new MessageQuery { Selection = new AncestorsSelection(new MessageId(1)), Order = QueryOrder.Descending });
        AssertRefused("filters", new MessageQuery { Filters = [.. Enumerable.Repeat(new WideningFilter(1), MessageLimits.QueryFiltersMax + 1)] });
    }

    [Fact]
    public void The_edges_of_the_limits_are_taken()
    {
        new MessageQuery { Limit = 1 }.Validate();
        new MessageQuery { Limit = long.MaxValue }.Validate();
        new MessageQuery { Selection = new IdsSelection(new MessageId[MessageLimits.QueryIdsMax]) }.Validate();
        new MessageQuery { Filters = [.. Enumerable.Repeat(new WideningFilter(1), MessageLimits.QueryFiltersMax)] }.Validate();
        new MessageQuery { Order = QueryOrder.Descending, Selection = new DescendantsSelection(new MessageId(1)) }.Validate();
    }

    [Fact]
    public void What_grows_forward_can_be_followed()
    {
        foreach (var selection in new MessageSelection[] { new LogSelection(), new TimeSelection(), new ChannelSelection(default), new DescendantsSelection(default) })
        {
            new MessageQuery { Selection = selection }.ValidateForSubscription();
            var refusal = Assert.Throws<DymesException>(() => new MessageQuery { Selection = selection, Order = QueryOrder.Descending }.ValidateForSubscription());
            Assert.Equal("order", refusal.Field);
        }

        foreach (var selection in new MessageSelection[] { new IdsSelection([new MessageId(1)]), new AncestorsSelection(default) })
        {
            var refusal = Assert.Throws<DymesException>(() => new MessageQuery { Selection = selection }.ValidateForSubscription());
            Assert.Equal("selection", refusal.Field);
        }
    }

    [Fact]
    public void Bounds_contain_their_ends()
    {
        var bounds = new MessageBounds(new Lsn(2), new Lsn(4), new MessageId(20), new MessageId(40));
        Assert.True(bounds.Contains(new Lsn(2), new MessageId(40)));
        Assert.True(bounds.Contains(new Lsn(4), new MessageId(20)));
        Assert.False(bounds.Contains(new Lsn(1), new MessageId(30)));
        Assert.False(bounds.Contains(new Lsn(5), new MessageId(30)));
        Assert.False(bounds.Contains(new Lsn(3), new MessageId(19)));
        Assert.False(bounds.Contains(new Lsn(3), new MessageId(41)));
    }

    [Fact]
    public void Empty_bounds_contain_nothing() => Gen.Select(Gen.ULong[0, 3], Gen.ULong[0, 3], Gen.ULong[0, 3], Gen.ULong[0, 3]).Sample((fromLsn, toLsn, fromId, toId) =>
    {
        var bounds = new MessageBounds(new Lsn(fromLsn), new Lsn(toLsn), new MessageId(fromId), new MessageId(toId));
        var isAnyInside = Enumerable.Range(0, 16).Any(at => bounds.Contains(new Lsn((ulong)at % 4), new MessageId((UInt128)(at / 4))));
        return bounds.IsEmpty == !isAnyInside;
    });

    [Fact]
    public void Everything_is_within_no_bounds()
    {
        Assert.True(MessageBounds.Everything.Contains(Lsn.First, MessageId.None));
        Assert.True(MessageBounds.Everything.Contains(Lsn.Max, MessageId.Max));
    }

    private static void AssertRefused(string field, MessageQuery query)
    {
        var refusal = Assert.Throws<DymesException>(query.Validate);
        Assert.Equal((ErrorCode.InvalidArgument, field), (refusal.Code, refusal.Field));
    }
}
