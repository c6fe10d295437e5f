namespace Dymes.Vsr.Simulation.Running;

/// <summary>Chance, from a seed. It computes with nothing that differs between machines, so that a seed is the same run everywhere.</summary>
internal sealed class Dice(ulong seed)
{
    private const double Ln2 = 0.6931471805599453;
    private readonly SeededRandom _random = new(seed);

    public ulong Next() => _random.Next();

    /// <summary>Dice of its own for a part, so that what one part does changes nothing for the others.</summary>
    public Dice Split() => new(_random.Next());

    /// <summary>Both bounds are inclusive.</summary>
    public int Between(int low, int high) => _random.Between(low, high);

    public bool Chance(double probability) => Fraction() < probability;

    public double Fraction() => (_random.Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + (Fraction() * (high - low));

    /// <summary>About exponentially distributed: a logarithm by leading zeros and a straight line between, for libraries differ in the last bit of theirs.</summary>
    public ulong Around(ulong mean)
    {
        var bits = _random.Next();
        var zeros = System.Numerics.BitOperations.LeadingZeroCount(bits | 1);
        return (ulong)((zeros + 1 - Fraction()) * Ln2 * mean);
    }

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = Between(0, i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
