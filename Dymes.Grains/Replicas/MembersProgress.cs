using Dymes.Message.Log;
using Dymes.Replication;

namespace Dymes.Grains.Replicas;

/// <summary>How far the members of a group are: this silo's by itself, the others by what they say when they are asked, or said last.</summary>
/// <param name="replica">This silo's.</param>
/// <param name="transport">The way to the others.</param>
/// <param name="self">This one's number.</param>
/// <param name="count">How many there are.</param>
public sealed class MembersProgress(ReplicatedLog replica, SiloTransport transport, int self, int count) : IReplicaProgress
{
    private readonly Heard?[] _heard = new Heard?[count];

    /// <inheritdoc/>
    public async ValueTask<GroupProgress> GetProgressAsync(CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Where(number => number != self).Select(AskAsync)).WaitAsync(cancellationToken).ConfigureAwait(false);
        var own = replica.Progress;
        var all = new Dictionary<int, ReplicaProgress> { [self] = own };
        for (var number = 0; number < count; number++)
        {
            if (Volatile.Read(ref _heard[number]) is { } heard)
            {
                all[number] = heard.Progress with { LastHeardMilliseconds = (long)TimeProvider.System.GetElapsedTime(heard.At).TotalMilliseconds };
            }
        }

        var commit = all.Values.Max(progress => progress.Commit ?? 0);
        foreach (var (number, progress) in all.ToArray())
        {
            all[number] = progress with { Lag = commit - Math.Min(commit, progress.Commit ?? 0) };
        }

        var newest = all.Values.Max(progress => progress.View ?? 0);
        var leads = all.Values.Any(progress => progress.Status == ReplicaState.Normal && progress.View == newest);
        return new GroupProgress(newest, newest > 0 && leads ? (int)(newest % (uint)count) : null, all);
    }

    private async Task AskAsync(int number)
    {
        if (await transport.AskAsync(number).ConfigureAwait(false) is { } progress)
        {
            Volatile.Write(ref _heard[number], new Heard(progress, TimeProvider.System.GetTimestamp()));
        }
    }

    private sealed record Heard(ReplicaProgress Progress, long At);
}
