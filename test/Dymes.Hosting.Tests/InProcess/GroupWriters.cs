using System.Collections.Concurrent;
using Dymes.Common;
using Dymes.Testing;

namespace Dymes.Hosting.Tests.InProcess;

/// <summary>Writers that append through whichever silo runs, one message after the other, until they are told to stop.</summary>
internal sealed class GroupWriters : IAsyncDisposable
{
    private static int Batch;
    private readonly SiloGroup _group;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Lsn> _acknowledged = new();
    private readonly int _batch = Interlocked.Increment(ref Batch);
    private readonly Task _writing;

    public GroupWriters(SiloGroup group, int count)
    {
        _group = group;
        _writing = Task.WhenAll(Enumerable.Range(0, count).Select(writer => Task.Run(() => WriteAsync(writer))));
    }

    /// <summary>How many messages were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Waits until so many more messages have been acknowledged.</summary>
    public Task GoOnAsync(int more)
    {
        var goal = Acknowledged + more;
        return _group.UntilAsync(() => Acknowledged >= goal || _writing.IsCompleted, $"{more} more appends are acknowledged");
    }

    /// <summary>Ends the writing, and checks that all members have the same log, with each acknowledged message once and where it was said to be.</summary>
    public async Task CheckAsync()
    {
        await _stopping.CancelAsync();
        await _writing.WaitAsync(TimeSpan.FromMinutes(1));
        var logs = await _group.LogsAsync();
        Assert.Equal(SiloGroup.Count, logs.Length);
        Assert.All(logs, log => Assert.Equal(logs[0], log));
        var places = logs[0].GroupBy(LogReading.BodyOf).ToDictionary(same => same.Key, same => same.Select(LogReading.LsnOf).ToArray());
        Assert.All(places, place => Assert.Single(place.Value));
        Assert.All(_acknowledged, message => Assert.Equal([message.Value], places[message.Key]));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            var running = _group.Running.ToArray();
            var body = $"{_batch} {writer} {number}";
            try
            {
                var receipt = (await _group[running[number % running.Length]].AppendAsync(MessageDraft.Request(new MessageDraft(body)))).First;
                _acknowledged[body] = receipt.Lsn;
            }
            catch (Exception refused) when (refused is DymesException { Code: ErrorCode.NotReady or ErrorCode.OutcomeUnknown } or InvalidOperationException)
            {
                await Task.Yield(); // its silo is stopping, or down
            }
        }
    }
}
