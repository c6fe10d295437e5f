using Dymes.Membership.Tables;

namespace Dymes.Membership.Quorum;

/// <summary>That a silo was alive at a time by its own clock.</summary>
/// <param name="Silo">Address, port and generation.</param>
/// <param name="Alive">The time.</param>
internal sealed record SignOfLife(string Silo, DateTime Alive);

/// <summary>
/// The newest signs of life of some silos. They come every second, so they are neither part of the register nor on disk: who has forgotten them hears new ones before anybody misses them.
/// Owned by an <see cref="Acceptor"/>, under its lock.
/// </summary>
internal sealed class SignsOfLife
{
    private const int SilosMax = 64;
    private readonly List<SignOfLife> _signs = [];

    public void Keep(SignOfLife sign)
    {
        _signs.RemoveAll(known => known.Silo == sign.Silo);
        _signs.Add(sign);
        if (_signs.Count > SilosMax)
        {
            _signs.RemoveAt(0); // who was heard of longest ago
        }
    }

    public SignOfLife[] ToArray() => [.. _signs];

    /// <summary>A table with each silo's newest sign of life, of the table's own and these.</summary>
    public static MemberTable Show(MemberTable table, IReadOnlyCollection<SignOfLife> signs) => table with
    {
        Rows = [.. table.Rows.Select(row => row with { Alive = signs.Where(sign => sign.Silo == row.Silo).Select(sign => sign.Alive).Append(row.Alive).Max() })],
    };
}
