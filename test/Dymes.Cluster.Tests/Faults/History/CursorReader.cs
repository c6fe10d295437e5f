using Dymes.Client;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>
/// Reads the log through cursors, each page through another door. A cursor may give again what it gave before a fault, but leaves nothing out, and is there until it is closed. After a page that was lost on the way, which
/// the reader is told of, it opens another behind the last message that came.
/// </summary>
internal sealed class CursorReader(IReadOnlyList<Door> doors, ClusterHistory history, int seed)
{
    private const int PageMessages = 50;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);
    private readonly Random _random = new(seed);
    private Lsn _next = Lsn.First;

    public async Task RunAsync(CancellationToken stopping)
    {
        DymesClient[] clients = [.. doors.Select(door => new DymesClient(new DymesClientOptions { Addresses = [door.Http], RetryDuration = TimeSpan.FromSeconds(5) }))];
        using var breath = new PeriodicTimer(Breath);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ReadOneAsync(() => clients[_random.Next(clients.Length)].Cursors, breath, stopping);
            }
            catch (DymesException)
            {
                await breath.WaitForNextTickAsync(CancellationToken.None); // no promise was made, or the page was lost
            }
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    private async Task ReadOneAsync(Func<IMessageCursors> any, PeriodicTimer breath, CancellationToken stopping)
    {
        var id = await any().OpenAsync(new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = _next } }, CancellationToken.None);
        while (!stopping.IsCancellationRequested)
        {
            if (await any().ReadAsync(id, PageMessages, CancellationToken.None) is not { } page)
            {
                history.Violate($"cursor {id} is gone, and nobody has closed it");
                return;
            }

            history.CountCursorPage();
            if (page.Count == 0)
            {
                await any().CloseAsync(id, CancellationToken.None);
                return;
            }

            Take(id, page);
            await breath.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private void Take(CursorId id, FramePage page)
    {
        Lsn? before = null;
        foreach (var frame in page)
        {
            if (frame.Lsn > _next || (before is { } last && frame.Lsn != last.Next))
            {
                history.Violate($"cursor {id} gave {frame.Lsn} behind {before?.ToString() ?? "nothing"}, and its reader had everything below {_next}");
            }

            before = frame.Lsn;
            _next = frame.Lsn.Next > _next ? frame.Lsn.Next : _next;
        }
    }
}
