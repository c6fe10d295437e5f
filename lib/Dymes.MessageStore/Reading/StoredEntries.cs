namespace Dymes.MessageStore.Reading;

/// <summary>Entries that were read, each as header and body back to back, all checked.</summary>
/// <param name="Entries">The entries in the order of their ops, without a gap.</param>
/// <param name="DamagedOp">The op behind them, where its bytes are damaged; null where reading ended for another reason.</param>
public sealed record StoredEntries(IReadOnlyList<ReadOnlyMemory<byte>> Entries, ulong? DamagedOp);
