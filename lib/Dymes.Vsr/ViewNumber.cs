using System.Globalization;

namespace Dymes.Vsr;

/// <summary>The number of a view: a stretch of the group's life with one primary.</summary>
/// <param name="Value">0 is the view before the first primary.</param>
public readonly record struct ViewNumber(uint Value) : IComparable<ViewNumber>
{
    /// <summary>The view after this one.</summary>
    public ViewNumber Next => new(checked(Value + 1));

    /// <summary>VRR 4: the primary of a view is determined by its number.</summary>
    public ReplicaNumber PrimaryOf(int replicaCount) => new((byte)(Value % (uint)replicaCount));

    /// <inheritdoc/>
    public int CompareTo(ViewNumber other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left view comes before the right one.</summary>
    public static bool operator <(ViewNumber left, ViewNumber right) => left.Value < right.Value;

    /// <summary>Whether the left view comes after the right one.</summary>
    public static bool operator >(ViewNumber left, ViewNumber right) => left.Value > right.Value;

    /// <summary>Whether the left view does not come after the right one.</summary>
    public static bool operator <=(ViewNumber left, ViewNumber right) => left.Value <= right.Value;

    /// <summary>Whether the left view does not come before the right one.</summary>
    public static bool operator >=(ViewNumber left, ViewNumber right) => left.Value >= right.Value;

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
