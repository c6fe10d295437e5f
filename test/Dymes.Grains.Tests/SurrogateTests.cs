using System.Reflection;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Dymes.Grains.Tests;

public sealed class SurrogateTests
{
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSerializer(serializer => serializer.AddAssembly(typeof(Abstractions.IDatasetGrain).Assembly)).BuildServiceProvider();

    private static readonly MessageSelection[] Selections =
    [
        new LogSelection(),
        new TimeSelection(),
        new ChannelSelection(new ChannelId(UInt128.MaxValue)),
        new IdsSelection([new MessageId(1), new MessageId(UInt128.MaxValue - 1)]),
        new AncestorsSelection(new MessageId(77)),
        new DescendantsSelection(new MessageId(78)),
    ];

    private static readonly MessageFilter[] Filters =
    [
        new ChannelFilter(new ChannelId(5)),
        new WideningFilter(UInt128.One << 100),
        new NarrowingFilter(7, 5),
        new KvFilter(KvRelation.Has, "a"),
        new KvFilter(KvRelation.Equal, "b", ""),
        new KvFilter(KvRelation.NotEqual, "ü", "x y"),
    ];

    [Fact]
    public void Every_selection_and_filter_there_is_crosses_a_call()
    {
        Assert.Equal(KindsOf<MessageSelection>(), Selections.Select(selection => selection.GetType()).ToHashSet());
        Assert.Equal(KindsOf<MessageFilter>(), Filters.Select(filter => filter.GetType()).ToHashSet());
        foreach (var selection in Selections)
        {
            var query = new MessageQuery { Selection = selection, Filters = Filters, Limit = 7, After = new QueryPosition(3, new MessageId(4)) };
            Assert.Equal(Told(query), Told(Across(query)));
        }
    }

    [Fact]
    public void A_querys_bounds_order_and_absent_parts_cross_a_call()
    {
        var query = new MessageQuery
        {
            Bounds = new MessageBounds(new Lsn(1), new Lsn(2), new MessageId(3), MessageId.Max),
            Order = QueryOrder.Descending,
        };
        Assert.Equal(Told(query), Told(Across(query)));
    }

    [Fact]
    public void Receipts_summaries_and_status_cross_a_call()
    {
        var receipt = new AppendReceipt(AppendOutcome.VersionMismatch, new MessageId(9), new Lsn(8), 7);
        Assert.Equal([receipt], Across(new AppendResult([receipt])).Receipts);
        var summary = new ChannelSummary(new ChannelId(1), "name", 2, new Lsn(3), new Lsn(4), new MessageId(5), new MessageId(6));
        Assert.Equal(summary, Across(summary));
        Assert.Equal(summary with { Name = null }, Across(summary with { Name = null }));
        var status = new LogStatus(new Lsn(1), new MessageId(2), 3, 4, LogCondition.DiskFull, "why");
        Assert.Equal(status, Across(status));
        var replica = new ReplicaReport(0, "a", null, "http://a", SiloState.Stopping, new ReplicaProgress { Status = ReplicaState.Recovering, Commit = 5, Disk = LogCondition.Failed, ScrubPercent = 6, DamageFound = 7 });
        var report = Across(new ClusterReport("x", 2, 3, null, [replica]));
        Assert.Equal(new ClusterReport("x", 2, 3, null, report.Replicas), report);
        Assert.Equal([replica], report.Replicas);
    }

    [Fact]
    public void An_error_keeps_its_code_message_and_field()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            var error = Across(new DymesException(code, "what to do") { Field = "/limit" });
            Assert.Equal((code, "what to do", "/limit"), (error.Code, error.Message, error.Field));
        }
    }

    private static HashSet<Type> KindsOf<T>() => [.. Assembly.GetAssembly(typeof(T))!.GetTypes().Where(type => type.IsSubclassOf(typeof(T)))];

    // Records compare their lists by reference, so what is compared is what they tell, list by list.
    private static object Told(MessageQuery query) => (
        query.Selection is IdsSelection ids ? string.Join(' ', ids.Ids) : query.Selection.ToString(),
        string.Join<MessageFilter>(' ', query.Filters),
        query.Bounds,
        query.Order,
        query.Limit,
        query.After);

    private static T Across<T>(T value)
    {
        var serializer = Services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
