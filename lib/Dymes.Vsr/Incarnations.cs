namespace Dymes.Vsr;

/// <summary>
/// How often each replica of a group has lost its memory and got it back, as far as one of them knows: the crash vector of
/// <see href="https://doi.org/10.4230/LIPIcs.DISC.2017.36">Michael, Ports, Sharma, Szekeres, Recovering Shared Objects Without Stable Storage (DISC 2017)</see>. A log or an answer that a
/// replica sent before its last loss is told from a later one by it. Never changed: each change makes a new one.
/// </summary>
public sealed class Incarnations : IEquatable<Incarnations>
{
    /// <summary>The bytes of all numbers.</summary>
    public const int SizeBytes = 32;

    private readonly uint[] _numbers;

    private Incarnations(uint[] numbers) => _numbers = numbers;

    /// <summary>Nobody ever lost anything.</summary>
    public static Incarnations None { get; } = new(new uint[VsrLimits.ReplicasMax]);

    /// <summary>The number of a replica.</summary>
    public uint this[ReplicaNumber replica] => _numbers[replica.Value];

    /// <summary>The numbers of replicas 0, 1, 2, …, with 0 behind the last replica.</summary>
    /// <param name="numbers">At most <see cref="VsrLimits.ReplicasMax"/>.</param>
    public static Incarnations Of(ReadOnlySpan<uint> numbers)
    {
        var all = new uint[VsrLimits.ReplicasMax];
        numbers.CopyTo(all);
        return new Incarnations(all);
    }

    /// <summary>Copies the numbers of replicas 0, 1, 2, … to a place for <see cref="VsrLimits.ReplicasMax"/> of them.</summary>
    public void CopyTo(Span<uint> numbers) => _numbers.CopyTo(numbers);

    /// <summary>These, with another number for one replica.</summary>
    public Incarnations With(ReplicaNumber replica, uint number)
    {
        var numbers = (uint[])_numbers.Clone();
        numbers[replica.Value] = number;
        return new Incarnations(numbers);
    }

    /// <summary>The higher of both numbers for each replica.</summary>
    public Incarnations With(Incarnations other)
    {
        var numbers = (uint[])_numbers.Clone();
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Math.Max(numbers[i], other._numbers[i]);
        }

        return new Incarnations(numbers);
    }

    /// <inheritdoc/>
    public bool Equals(Incarnations? other) => other is not null && _numbers.AsSpan().SequenceEqual(other._numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Incarnations);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = 17;
        foreach (var number in _numbers)
        {
            hash = unchecked((hash * 31) + (int)number);
        }

        return hash;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('.', _numbers.AsSpan().TrimEnd(0u).ToArray());
}
