using System.Globalization;
using Dymes.Common;

namespace Dymes.Message.Tests.Json;

public sealed class TimeExpressionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-22T10:20:30.456Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("now", "2026-11-22T10:20:30.456Z")]
    [InlineData("now-1h30m", "2026-11-22T08:50:30.456Z")]
    [InlineData("now+1h", "2026-11-22T11:20:30.456Z")]
    [InlineData("now 1h", "2026-11-22T11:20:30.456Z")]
    [InlineData("now-1d+2h-3s", "2026-11-21T12:20:27.456Z")]
    [InlineData("sod", "2026-11-22T00:00:00.000Z")]
    [InlineData("sod+9h", "2026-11-22T09:00:00.000Z")]
    [InlineData("SOD-1h", "2026-11-21T23:00:00.000Z")]
    [InlineData("09:05", "2026-11-22T09:05:00.000Z")]
    [InlineData("09:05:07", "2026-11-22T09:05:07.000Z")]
    [InlineData("2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000Z")]
    [InlineData("2026-11-22t10:00:00.1239z", "2026-11-22T10:00:00.123Z")]
    [InlineData("2026-11-22T10:00:00.123456789+02:00", "2026-11-22T08:00:00.123Z")]
    [InlineData("2026-11-22T10:00:00.5 02:00", "2026-11-22T08:00:00.500Z")]
    [InlineData("2026-11-22 10:00:00-00:30", "2026-11-22T10:30:00.000Z")]
    public void An_instant_is_one_millisecond(string text, string instant)
    {
        var milliseconds = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

        Assert.Equal(MessageId.FirstAt(milliseconds), TimeExpression.FirstId(text, Now));
        Assert.Equal(MessageId.LastAt(milliseconds), TimeExpression.LastId(text, Now));
    }

    [Theory]
    [InlineData("2026", "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z")]
    [InlineData("2024-02", "2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z")]
    [InlineData("2026-11-22", "2026-11-22T00:00:00.000Z", "2026-11-22T23:59:59.999Z")]
    [InlineData("9999", "9999-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z")]
    public void A_date_is_the_whole_of_it(string text, string first, string last)
    {
        Assert.Equal(MessageId.FirstAt(DateTimeOffset.Parse(first, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()), TimeExpression.FirstId(text, Now));
        Assert.Equal(MessageId.LastAt(DateTimeOffset.Parse(last, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()), TimeExpression.LastId(text, Now));
    }

    [Fact]
    public void A_ulid_is_itself()
    {
        const string Text = "01K7068MQWRDT23X6TK4QCT5NS";

        Assert.Equal(Text, TimeExpression.FirstId(Text, Now).ToString());
        Assert.Equal(Text, TimeExpression.LastId(Text.ToLowerInvariant(), Now).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("now-")]
    [InlineData("now-1")]
    [InlineData("now-h")]
    [InlineData("now1h")]
    [InlineData("now-1w")]
    [InlineData("now-99999999999999999999d")]
    [InlineData("now+9999999999d")]
    [InlineData("25:00")]
    [InlineData("10:60")]
    [InlineData("2026-13")]
    [InlineData("2026-02-30")]
    [InlineData("0000")]
    [InlineData("2026-11-22T10:00:00")]
    [InlineData("2026-11-22T10:00Z")]
    [InlineData("2026-11-22T10:00:00.Z")]
    [InlineData("2026-11-22T10:00:00.1x3Z")]
    [InlineData("2026-11-22T10:00:61Z")]
    [InlineData("2026-11-22T10:00:00+2:00")]
    [InlineData("81K7068MQWRDT23X6TK4QCT5NS")]
    public void Anything_else_is_refused_with_the_forms_there_are(string text)
    {
        var error = Assert.Throws<DymesException>(() => TimeExpression.FirstId(text, Now, "from"));

        Assert.Equal((ErrorCode.InvalidArgument, "from"), (error.Code, error.Field));
        Assert.Contains("now-1h30m", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_before_1970_begin_at_the_first_id() => Assert.Equal(MessageId.None, TimeExpression.FirstId("1969", Now));
}
