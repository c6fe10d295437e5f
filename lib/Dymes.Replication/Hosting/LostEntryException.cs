namespace Dymes.Replication.Hosting;

/// <summary>An entry is damaged that a member must know before it can begin. Never leaves the opening.</summary>
/// <param name="op">The entry.</param>
internal sealed class LostEntryException(ulong op) : Exception($"The entry at op {op} is damaged.")
{
    public ulong Op => op;
}
