using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Message.Tests.Json;

public sealed class FilterExpressionTests
{
    [Fact]
    public void An_expression_on_entries_is_read_with_its_spaces()
    {
        Assert.Equal(new KvFilter(KvRelation.Has, "a = b"), FilterExpression.Kv("a = b"));
        Assert.Equal(new KvFilter(KvRelation.Equal, "a ", " b"), FilterExpression.Kv("a == b"));
        Assert.Equal(new KvFilter(KvRelation.NotEqual, "a", ""), FilterExpression.Kv("a!="));
        Assert.Equal(new KvFilter(KvRelation.Equal, "a", "b!=c"), FilterExpression.Kv("a==b!=c"));
        Assert.Equal(new KvFilter(KvRelation.NotEqual, "a", "b==c"), FilterExpression.Kv("a!=b==c"));
    }

    [Fact]
    public void A_narrowing_filter_narrows_and_compares_with_its_mask_unless_told_otherwise()
    {
        Assert.Equal(new NarrowingFilter(6, 6), FilterExpression.Narrowing("0x6"));
        Assert.Equal(new NarrowingFilter(6, 2), FilterExpression.Narrowing("0b110:2"));
        Assert.Equal(new WideningFilter(6), FilterExpression.Widening("0o6"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("==b")]
    [InlineData("!=")]
    public void An_expression_without_a_key_is_refused(string text) => Assert.Equal("kv", Assert.Throws<DymesException>(() => FilterExpression.Kv(text)).Field);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1:")]
    [InlineData("1:2:3")]
    [InlineData("-1")]
    public void A_mask_that_is_no_number_is_refused(string text) => Assert.Throws<DymesException>(() => FilterExpression.Narrowing(text));
}
