using System.Globalization;

namespace Dymes.Vsr;

/// <summary>Names a client's session. The host draws it at random, so that no two sessions of a group ever share one.</summary>
/// <param name="Value">Not 0: that is an entry without a client.</param>
public readonly record struct ClientId(UInt128 Value)
{
    /// <summary>The number in hexadecimal.</summary>
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);
}
