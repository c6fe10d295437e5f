namespace Dymes.Vsr;

/// <summary>What a replica must not forget (the hard state). Cluster, epoch, number and count are the host's to keep beside it.</summary>
/// <param name="View">The newest view that the replica took part in: it takes part in no older one.</param>
/// <param name="LogView">The newest view in which the replica was normal: whose log its own is.</param>
/// <param name="IsRecovering">The replica lost entries that it may have acknowledged, and has not got them back yet.</param>
/// <param name="Incarnations">How often each replica is known to have lost its memory.</param>
/// <param name="CommitHint">An op known to be committed; there may be later ones.</param>
public sealed record DurableState(ViewNumber View, ViewNumber LogView, bool IsRecovering, Incarnations Incarnations, ulong CommitHint);
