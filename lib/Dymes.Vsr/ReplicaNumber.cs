using System.Globalization;

namespace Dymes.Vsr;

/// <summary>The number of a replica within its group.</summary>
/// <param name="Value">0 to <see cref="VsrLimits.ReplicasMax"/> - 1.</param>
public readonly record struct ReplicaNumber(byte Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
