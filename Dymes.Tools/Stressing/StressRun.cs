using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Tools.Stressing;

/// <summary>Puts a load on a log and measures it.</summary>
internal sealed class StressRun(IMessageLog log, StressPlan plan, TimeProvider clock)
{
    // A request that is due in less than a timer's tick starts at once: a timer would bring it later, not sooner.
    private static readonly TimeSpan TimerTick = TimeSpan.FromMilliseconds(1);

    private readonly StressLoad _load = new(plan);
    private readonly StressTally[] _tallies = [.. Enumerable.Range(0, plan.Clients).Select(_ => new StressTally())];
    private long _started;
    private long _begin;

    /// <summary>Runs the plan.</summary>
    /// <param name="show">Is shown the report so far, about twice a second.</param>
    /// <param name="cancellationToken">Ends it early; what was measured counts. In the warm-up nothing was.</param>
    public async Task<StressReport> RunAsync(Action<StressReport>? show, CancellationToken cancellationToken)
    {
        if (plan.WarmUp > TimeSpan.Zero)
        {
            await RunPhaseAsync(null, plan.WarmUp, null, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            Array.ForEach(_tallies, tally => tally.Clear());
        }

        await RunPhaseAsync(plan.Requests, plan.Duration, show, cancellationToken);
        return Report();
    }

    private async Task RunPhaseAsync(long? requests, TimeSpan? duration, Action<StressReport>? show, CancellationToken cancellationToken)
    {
        _started = 0;
        _begin = clock.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = duration is { } time ? clock.CreateTimer(_ => end.Cancel(), null, time, Timeout.InfiniteTimeSpan) : null;
        var clients = Task.WhenAll(_tallies.Select(tally => Task.Run(() => RunClientAsync(tally, requests, end.Token, cancellationToken), CancellationToken.None)));
        await ShowUntilAsync(clients, show);
        await clients;
    }

    private async Task RunClientAsync(StressTally tally, long? requests, CancellationToken end, CancellationToken interruption)
    {
        while (!end.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _started) - 1;
            if (number >= requests)
            {
                return;
            }

            try
            {
                var due = plan.Rate is { } rate ? await WaitUntilDueAsync(number, rate, end) : clock.GetTimestamp();
                await RequestAsync(tally, number, due, interruption);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested || interruption.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Open loop: the time of a request counts from when it was due, so that a log that stalls pays for all whom it kept waiting.
    private async Task<long> WaitUntilDueAsync(long number, double rate, CancellationToken end)
    {
        var due = _begin + (long)(number / rate * clock.TimestampFrequency);
        var wait = clock.GetElapsedTime(clock.GetTimestamp(), due);
        if (wait > TimerTick)
        {
            await Task.Delay(wait, clock, end);
        }

        return due;
    }

    // Where the time is over, what is under way is waited for, since leaving out the slowest would flatter; an interruption waits for nothing.
    private async Task RequestAsync(StressTally tally, long number, long due, CancellationToken interruption)
    {
        try
        {
            if (_load.IsQuery(number))
            {
                long messages = 0;
                await foreach (var page in log.QueryAsync(_load.Query(number), interruption))
                {
                    messages += page.Count;
                }

                tally.Queried(clock.GetElapsedTime(due), messages);
            }
            else
            {
                await log.AppendAsync(_load.Append(number), interruption);
                tally.Appended(clock.GetElapsedTime(due), plan.Batch);
            }
        }
        catch (DymesException trouble)
        {
            tally.Failed(trouble.Code);
        }
    }

    private async Task ShowUntilAsync(Task clients, Action<StressReport>? show)
    {
        var interval = TimeSpan.FromMilliseconds(500);
        while (show is not null && !clients.IsCompleted)
        {
            await Task.WhenAny(clients, Task.Delay(interval, clock));
            show(Report());
        }
    }

    private StressReport Report()
    {
        var report = new StressReport(plan, clock.GetElapsedTime(_begin));
        Array.ForEach(_tallies, tally => tally.AddTo(report));
        return report;
    }
}
