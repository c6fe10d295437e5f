namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Clients that write to a cluster and read from it, each through whichever door it comes upon, and note what they see.</summary>
internal sealed class ClusterClients(IReadOnlyList<Door> doors, ClusterHistory history, int seed)
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(int writers, int readers, CancellationToken stopping)
    {
        using var calls = new DoorCalls();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(number => WriteAsync(calls, number, stopping))
            .Concat(Enumerable.Range(0, readers).Select(number => ReadAsync(calls, number, stopping)))
            .Append(new CursorReader(doors, history, seed - 100).RunAsync(stopping)).ToArray());
    }

    private async Task WriteAsync(DoorCalls calls, int writer, CancellationToken stopping)
    {
        var random = new Random(seed + writer);
        using var breath = new PeriodicTimer(Breath);
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            var token = $"w{writer}-{number}";
            var key = random.Next(3) == 0 ? $"key-{token}" : null;
            var door = AnyDoor(random);
            var first = await calls.AppendAsync(door, token, key);
            var last = first;
            for (var again = 0; again < 20 && last.Outcome == AttemptOutcome.Unknown && key is not null; again++)
            {
                await breath.WaitForNextTickAsync(CancellationToken.None); // who retries under its key, elsewhere, learns what became of the first attempt
                door = AnyDoor(random);
                last = await calls.AppendAsync(door, token, key);
                last = last.Outcome == AttemptOutcome.Refused ? last with { Outcome = AttemptOutcome.Unknown } : last; // this attempt was not run; the first may have been
            }

            history.Add(last with { SentAt = first.SentAt });
            if (last.Outcome == AttemptOutcome.Acknowledged && door.IsSteady && random.Next(4) == 0)
            {
                await CheckAsync(() => calls.ReadAsync(door, last), last); // what a door has acknowledged, it shows to whoever asks it next
            }
            else if (last.Outcome != AttemptOutcome.Acknowledged)
            {
                await breath.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    // What was acknowledged to anybody is seen by a linearizable read through any door, and by a session read that names its position.
    private async Task ReadAsync(DoorCalls calls, int reader, CancellationToken stopping)
    {
        var random = new Random(seed - 1 - reader);
        using var breath = new PeriodicTimer(Breath);
        while (!stopping.IsCancellationRequested)
        {
            await breath.WaitForNextTickAsync(CancellationToken.None);
            if (history.Newest is { } newest)
            {
                await CheckAsync(() => calls.ReadAsync(AnyDoor(random), newest, random.Next(2) == 0 ? "linearizable" : "session", byPosition: random.Next(2) == 0), newest);
            }
        }
    }

    private async Task CheckAsync(Func<Task<ReadAnswer>> read, Attempt acknowledged)
    {
        try
        {
            history.Add(acknowledged, await read());
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // it was not answered, so nothing was promised
        }
    }

    private Door AnyDoor(Random random) => doors[random.Next(doors.Count)];
}
