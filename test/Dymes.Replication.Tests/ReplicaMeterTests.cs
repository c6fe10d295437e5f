using System.Diagnostics.Metrics;
using static Dymes.Replication.Tests.GroupTests;

namespace Dymes.Replication.Tests;

[Collection(nameof(ReplicaMeterTests))]
[CollectionDefinition(nameof(ReplicaMeterTests), DisableParallelization = true)] // a meter is heard across the whole process
public sealed class ReplicaMeterTests
{
    [Fact]
    public async Task Members_measure_their_part_in_the_group()
    {
        var others = Meters(); // of groups of other tests that crashed, and so were never disposed
        await using var group = await TestGroup.StartAsync(3);
        var last = await AppendAsync(group[0], "one");
        await group.UntilAsync(() => group.Running.All(member => member.Committed > last.Lsn));
        await group.UntilAsync(() => group.Running.Select(member => (member.Report.LastOp, member.Report.CommitOp, member.Report.Lag)).Distinct().Count() == 1);

        var seen = Measure(others);

        Assert.Equal([0, 0, 1], seen["replica_is_primary"].Order());
        Assert.Equal(3, seen["replica_status normal"].Sum());
        Assert.Equal(0, seen["replica_status view-change"].Sum());
        Assert.All(seen["replica_view"], view => Assert.True(view >= 1));
        Assert.All(seen["replica_view_changes"], changes => Assert.True(changes >= 1));
        Assert.Equal(seen["replica_last_op"], seen["replica_commit_op"]);
        Assert.Equal([0, 0, 0], seen["replica_lag_ops"]);
        Assert.Equal([0, 0, 0], seen["replica_repairs_waiting"]);
    }

    private static HashSet<Meter> Meters()
    {
        var meters = new HashSet<Meter>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => meters.Add(instrument.Meter) };
        listener.Start();
        return meters;
    }

    private static Dictionary<string, List<long>> Measure(HashSet<Meter> others)
    {
        var seen = new Dictionary<string, List<long>>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter.Name == "Dymes.Replication" && !others.Contains(instrument.Meter))
                {
                    all.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;

        void Note(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            seen.TryAdd(name, []);
            seen[name].Add(value);
        }
    }
}
