namespace Dymes.Vsr.Messages;

/// <summary>What every message begins with. A message of another cluster or epoch is dropped and counted.</summary>
/// <param name="ClusterId">The sender's cluster.</param>
/// <param name="Epoch">The sender's configuration of the group.</param>
/// <param name="From">The sender.</param>
/// <param name="View">The view that the sender is in.</param>
public readonly record struct Envelope(UInt128 ClusterId, uint Epoch, ReplicaNumber From, ViewNumber View);
