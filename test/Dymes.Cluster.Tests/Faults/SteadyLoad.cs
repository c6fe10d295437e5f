using System.Collections.Concurrent;
using Dymes.Cluster.Tests.Faults.History;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>
/// Clients that append one message after the other and read each of them through another door, with one attempt each: whatever is not answered as it should be is kept as trouble. A door
/// can be left, so that its silo may go.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly DoorCalls _calls = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _troubles = new();
    private readonly ConcurrentDictionary<SiloNode, int> _underWay = new();
    private readonly SiloCluster _cluster;
    private readonly Task _running;
    private SiloNode[] _doors;

    public SteadyLoad(SiloCluster cluster, int clients, params SiloNode[] doors)
    {
        _cluster = cluster;
        _doors = doors.Length > 0 ? doors : [.. cluster.Nodes];
        _running = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client))));
    }

    /// <summary>What its clients saw; others may add what they saw.</summary>
    public ClusterHistory History { get; } = new();

    /// <summary>Appends and reads that did not end as they should.</summary>
    public IReadOnlyCollection<string> Troubles => _troubles;

    /// <summary>How many appends were acknowledged.</summary>
    public int Acknowledged => History.Count(AttemptOutcome.Acknowledged);

    /// <summary>The longest time in which nobody was acknowledged.</summary>
    public TimeSpan LongestSilence => History.LongestSilence();

    /// <summary>Uses these doors from now on, and waits until nothing is under way through any other.</summary>
    public async Task UseAsync(params IEnumerable<SiloNode> doors)
    {
        SiloNode[] used = [.. doors];
        Volatile.Write(ref _doors, used);
        await UntilAsync(() => _underWay.All(way => way.Value == 0 || used.Contains(way.Key)));
    }

    /// <summary>Waits until so many more appends have been acknowledged.</summary>
    public Task GoOnAsync(int more)
    {
        var goal = Acknowledged + more;
        return UntilAsync(() => Acknowledged >= goal);
    }

    /// <summary>Ends the load, and checks that all silos have the log that its clients were told of.</summary>
    public async Task CheckAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _cluster.UntilWholeAsync();
        await History.CheckAsync(_cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _calls.Dispose();
    }

    private async Task RunAsync(int client)
    {
        using var breath = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var number = client; !_stopping.IsCancellationRequested; number++)
        {
            await breath.WaitForNextTickAsync(CancellationToken.None);
            var attempt = await ThroughAsync(number, silo => _calls.AppendAsync(silo.Door, $"c{client}-{number}"));
            History.Add(attempt);
            if (attempt.Outcome != AttemptOutcome.Acknowledged)
            {
                _troubles.Enqueue($"append: {attempt.Trouble}");
                continue;
            }

            try
            {
                History.Add(attempt, await ThroughAsync(number + 1, silo => _calls.ReadAsync(silo.Door, attempt, consistency: number % 2 == 0 ? "linearizable" : "session")));
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                _troubles.Enqueue($"read: {broken.Message}");
            }
        }
    }

    private async Task<T> ThroughAsync<T>(int number, Func<SiloNode, Task<T>> call)
    {
        SiloNode door;
        while (true)
        {
            var doors = Volatile.Read(ref _doors);
            door = doors[number % doors.Length];
            _underWay.AddOrUpdate(door, 1, (_, count) => count + 1);
            if (Volatile.Read(ref _doors) == doors)
            {
                break;
            }

            Leave(); // the doors were changed meanwhile
        }

        try
        {
            return await call(door);
        }
        finally
        {
            Leave();
        }

        void Leave() => _underWay.AddOrUpdate(door, 0, (_, count) => count - 1);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Deadline.OfWait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The load stands still at {Acknowledged} acknowledged appends; its last troubles:\n{string.Join('\n', _troubles.TakeLast(5))}");
            }
        }
    }
}
