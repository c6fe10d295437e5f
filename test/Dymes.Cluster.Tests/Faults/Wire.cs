namespace Dymes.Cluster.Tests.Faults;

/// <summary>What one silo sends to another. A cut is silent, as where a cable is pulled: nothing is refused and nothing is lost, nothing arrives until it is healed.</summary>
internal sealed class Wire
{
    private TaskCompletionSource? _cut;

    /// <summary>Ends when the wire is whole.</summary>
    public Task WhenWhole => Volatile.Read(ref _cut)?.Task ?? Task.CompletedTask;

    public void Cut() => Interlocked.CompareExchange(ref _cut, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void Heal() => Interlocked.Exchange(ref _cut, null)?.SetResult();
}
