using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers;

/// <summary>Clients in this process, by a library of the system's own.</summary>
/// <param name="name">The library.</param>
/// <param name="prepare">Makes what a client of a number does: it appends the load's batch and ends when all of it is acknowledged. A batch of 1,000 has a message for each of 1,000 channels.</param>
internal sealed class ClientAppender(string name, Func<AppendLoad, Func<int, Task>> prepare) : IAppender
{
    private const int FillClients = 4;
    private const int FillBatch = SystemMessages.Channels;

    public string Name => name;

    public Task<LoadResult> RunAsync(AppendLoad load, TimeSpan duration) => ClosedLoop.RunAsync(load.Clients, load.Batch, duration, prepare(load));

    /// <summary>Appends so many messages, in whole batches, over all channels alike.</summary>
    public async Task FillAsync(long messages, int bodyBytes, CancellationToken stop)
    {
        var append = prepare(new AppendLoad(FillClients, FillBatch, bodyBytes));
        var left = messages;
        await Task.WhenAll(Enumerable.Range(0, FillClients).Select(client => Task.Run(
            async () =>
            {
                while (Interlocked.Add(ref left, -FillBatch) >= 0)
                {
                    stop.ThrowIfCancellationRequested();
                    await append(client);
                }
            },
            stop)));
    }
}
