using System.Globalization;

namespace Dymes.Common;

/// <summary>A log sequence number: a message's position in the one global order, 0, 1, 2, … without gaps.</summary>
/// <param name="Value">0 to 2^63-1.</param>
public readonly record struct Lsn(ulong Value) : IComparable<Lsn>
{
    /// <summary>The first position.</summary>
    public static Lsn First => default;

    /// <summary>A bound that no message reaches.</summary>
    public static Lsn Max => new(long.MaxValue);

    /// <summary>The position after this one.</summary>
    public Lsn Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left position comes before the right one.</summary>
    public static bool operator <(Lsn left, Lsn right) => left.Value < right.Value;

    /// <summary>Whether the left position comes after the right one.</summary>
    public static bool operator >(Lsn left, Lsn right) => left.Value > right.Value;

    /// <summary>Whether the left position does not come after the right one.</summary>
    public static bool operator <=(Lsn left, Lsn right) => left.Value <= right.Value;

    /// <summary>Whether the left position does not come before the right one.</summary>
    public static bool operator >=(Lsn left, Lsn right) => left.Value >= right.Value;

    /// <summary>The position in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
