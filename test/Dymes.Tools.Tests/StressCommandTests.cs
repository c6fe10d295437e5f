using System.Text.Json;
using Dymes.Testing;
using Dymes.Tools.Stressing;

namespace Dymes.Tools.Tests;

public sealed class StressCommandTests : ToolBench
{
    [Theory]
    [InlineData(200, "--messages", "200")]
    [InlineData(300, "--messages", "100", "--iterations", "3", "--clients", "3")]
    [InlineData(200, "--messages", "195", "--batch", "20")]
    [InlineData(200, "--messages", "200", "--rate", "100000")]
    public async Task As_many_messages_are_appended_as_were_asked_for(int expected, params string[] options)
    {
        var run = await RunAsync(["stress", "--json", "--size", "100", "--channels", "7", .. options]);

        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected, report.RootElement.GetProperty("appends").GetProperty("messages").GetInt32());
        Assert.Equal(expected, (await Log.ReadAllAsync()).Count);
        Assert.All(await Log.ReadAllAsync(), frame => Assert.Equal(100, Frames.First(frame).Body.Length));
        Assert.Equal(7, (await Log.ListChannelsAsync(null, 100)).Count);
    }

    [Fact]
    public async Task A_share_of_the_requests_are_queries()
    {
        var run = await RunAsync("stress", "--json", "--messages", "200", "--queries", "25", "--query-limit", "3");

        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(50, report.RootElement.GetProperty("queries").GetProperty("requests").GetInt32());
        Assert.Equal(150, report.RootElement.GetProperty("appends").GetProperty("requests").GetInt32());
        Assert.InRange(report.RootElement.GetProperty("queries").GetProperty("messages").GetInt32(), 1, 150);
    }

    [Fact]
    public async Task A_table_is_printed_for_people()
    {
        var run = await RunAsync("stress", "--messages", "50");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("closed loop, 16 clients", run.Output, StringComparison.Ordinal);
        Assert.Contains("p99.9 ms", run.Output, StringComparison.Ordinal);
        Assert.Contains("appends", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("queries", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.2", "0.1")]
    [InlineData("200ms", "100ms")]
    public async Task A_duration_ends_it(string duration, string warmUp)
    {
        var run = await RunAsync("stress", "--json", "--duration", duration, "--warm-up", warmUp, "--clients", "2");

        using var report = JsonDocument.Parse(run.Output);
        Assert.InRange(report.RootElement.GetProperty("seconds").GetDouble(), 0.19, 30);
    }

    [Theory]
    [InlineData("--clients", "0")]
    [InlineData("--rate", "0")]
    [InlineData("--queries", "101")]
    [InlineData("--size", "3m")]
    [InlineData("--size", "many")]
    [InlineData("--batch", "8193")]
    [InlineData("--messages", "0")]
    [InlineData("--duration", "soon")]
    [InlineData("--duration", "25h")]
    [InlineData("--warm-up", "-1")]
    public async Task A_load_that_cannot_be_is_refused_by_name(string option, string value)
    {
        var run = await RunAsync("stress", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
        Assert.Empty(await Log.ReadAllAsync());
    }

    [Fact]
    public void A_stall_counts_for_all_requests_that_it_kept_from_being_sent()
    {
        var times = new LatencyRecord();
        for (var request = 0; request < 1000; request++)
        {
            times.Add(TimeSpan.FromMilliseconds(1));
        }

        times.Add(TimeSpan.FromSeconds(1));
        var corrected = times.Corrected();

        Assert.InRange(times.MillisecondsAt(99), 0.99, 1.01);
        Assert.InRange(corrected.Count, 1_990, 2_010);
        Assert.InRange(corrected.MillisecondsAt(75), 490, 510);
        Assert.InRange(corrected.MaxMilliseconds, 999, 1_001);
    }

    [Fact]
    public async Task In_an_open_loop_a_request_that_waits_for_its_turn_pays_for_the_wait()
    {
        var gate = new TaskCompletionSource();
        var log = new WatchedLog(Log) { Gate = gate.Task };
        var plan = new StressPlan { Clients = 1, Rate = 1_000_000, Requests = 3, BodyBytes = 1 };
        var clock = new HandClock();
        var run = new StressRun(log, plan, clock).RunAsync(null, TestContext.Current.CancellationToken);
        await log.Appending.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        clock.Pass(TimeSpan.FromMilliseconds(50));
        gate.SetResult();

        var report = await run;

        Assert.Equal(3, report.Appends.Count);
        Assert.InRange(report.Appends.MillisecondsAt(0), 49.9, 50.1);
        Assert.InRange(report.Appends.MaxMilliseconds, 49.9, 50.1);
    }

    [Fact]
    public async Task An_interruption_waits_for_nothing_and_keeps_what_was_measured()
    {
        using var interruption = new CancellationTokenSource();
        var log = new WatchedLog(Log) { Gate = new TaskCompletionSource().Task };
        var run = new StressRun(log, new StressPlan { Clients = 3, Requests = 100 }, TimeProvider.System).RunAsync(null, interruption.Token);
        await log.Appending.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await interruption.CancelAsync();

        Assert.Equal(0, (await run).Appends.Count);
    }

    /// <summary>A clock that goes on only when told to.</summary>
    private sealed class HandClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
