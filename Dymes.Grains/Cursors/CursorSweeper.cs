using Dymes.Grains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dymes.Grains.Cursors;

/// <summary>Removes the cursors that nobody came back to, at the start and then from time to time.</summary>
internal sealed partial class CursorSweeper(CursorStore store, DatasetRegistry datasets, TimeProvider clock, ILogger<CursorSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan PeriodMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PeriodMax = TimeSpan.FromMinutes(10);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var dataset in datasets.All)
        {
            store.CountOpen(dataset.Name);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var part = store.IdleTime / 8;
        using var timer = new PeriodicTimer(part < PeriodMin ? PeriodMin : part > PeriodMax ? PeriodMax : part, clock);
        try
        {
            do
            {
                await Task.Run(Sweep, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops; what is left is swept at the next start.
        }
    }

    // A cursor's file may tell a time of last use that is behind the truth, by as long as its grain waits before it saves.
    private void Sweep()
    {
        foreach (var dataset in datasets.All)
        {
            try
            {
                store.Sweep(dataset.Name, clock.GetUtcNow() - store.IdleTime - (CursorGrain.UnsavedMax * 2));
            }
            catch (IOException error)
            {
                LogFailed(error, dataset.Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweeping the cursors of dataset {Dataset} failed; it is tried again later.")]
    private partial void LogFailed(Exception error, string dataset);
}
