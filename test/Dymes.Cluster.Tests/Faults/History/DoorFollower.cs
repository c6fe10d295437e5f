using Dymes.Client;
using Dymes.Cluster.Tests.Node;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Follows the log through one door, from its first message on, whatever happens to whoever is behind it.</summary>
internal sealed class DoorFollower : IAsyncDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);
    private readonly Door _door;
    private readonly ClusterHistory _history;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<MessageId> _seen = [];
    private readonly Task _following;

    public DoorFollower(Door door, ClusterHistory history)
    {
        (_door, _history) = (door, history);
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Its name.</summary>
    public string Name => $"a follower of {_door.Name}";

    /// <summary>Waits until it has been shown so many messages, or for long enough, and returns what it saw.</summary>
    public async Task<IReadOnlyList<MessageId>> SeenAsync(int count)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var breath = new PeriodicTimer(Breath);
        while (Count() < count && TimeProvider.System.GetElapsedTime(started) < Deadline.OfWait)
        {
            await breath.WaitForNextTickAsync();
        }

        await DisposeAsync();
        return _seen;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
    }

    private async Task FollowAsync()
    {
        using var client = new DymesClient(new DymesClientOptions { Addresses = [_door.Http], RetryDuration = TimeSpan.FromMinutes(2) });
        using var breath = new PeriodicTimer(Breath);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(client, new Lsn((ulong)Count()));
            }
            catch (Exception broken) when (broken is OperationCanceledException or DymesException)
            {
                await breath.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    private async Task FollowAsync(DymesClient client, Lsn next)
    {
        await foreach (var page in client.SubscribeAsync(new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = next } }, _stopping.Token))
        {
            foreach (var frame in page)
            {
                if (frame.Lsn != next)
                {
                    _history.Violate($"{Name} was given {frame.Lsn}, and waited for {next}");
                }

                next = frame.Lsn.Next;
                lock (_seen)
                {
                    _seen.Add(frame.Id);
                }
            }
        }
    }

    private int Count()
    {
        lock (_seen)
        {
            return _seen.Count;
        }
    }
}
