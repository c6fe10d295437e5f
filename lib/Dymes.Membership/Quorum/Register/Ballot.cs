namespace Dymes.Membership.Quorum.Register;

/// <summary>The number of an attempt to write. No two attempts have the same, and the greater wins: by round, then by who proposes.</summary>
/// <param name="Round">From 1 on; 0 is no attempt.</param>
/// <param name="Replica">The number of the replica that proposes.</param>
internal readonly record struct Ballot(long Round, int Replica) : IComparable<Ballot>
{
    /// <summary>Before all attempts.</summary>
    public static Ballot None => default;

    public static bool operator <(Ballot left, Ballot right) => left.CompareTo(right) < 0;

    public static bool operator >(Ballot left, Ballot right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ballot left, Ballot right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ballot left, Ballot right) => left.CompareTo(right) >= 0;

    /// <summary>The least ballot of a replica above this one.</summary>
    public Ballot NextOf(int replica) => new(Round + 1, replica);

    public int CompareTo(Ballot other) => (Round, Replica).CompareTo((other.Round, other.Replica));
}
