using System.Globalization;
using Dymes.Common;

namespace Dymes.Programs.Replicas;

/// <summary>The replicas of a group in the order of their numbers, as <c>cluster.replicas</c> has them: an odd number of seats, none taken twice.</summary>
public sealed class ReplicaList
{
    /// <summary>The most replicas of a group.</summary>
    public const int CountMax = 7;

    private ReplicaList(IReadOnlyList<ReplicaSeat> seats) => Seats = seats;

    /// <summary>The seats; a seat's place is the replica's number.</summary>
    public IReadOnlyList<ReplicaSeat> Seats { get; }

    /// <summary>The names in order, with commas between. Whose list has others has another group: a majority of one is none of the other.</summary>
    public string Names => string.Join(',', Seats.Select(seat => seat.Name));

    /// <summary>Reads and checks a list.</summary>
    /// <exception cref="DymesException">An item is no seat, there are too many or an even number of them, or a name, port or address is there twice.</exception>
    public static ReplicaList Parse(IEnumerable<string> items)
    {
        ReplicaSeat[] seats = [.. items.Select(ReplicaSeat.Parse)];
        if (seats.Length is 0 or > CountMax || seats.Length % 2 == 0)
        {
            throw ReplicaSeat.Invalid(
                $"there are {seats.Length} replicas; a group has 1, 3, 5 or {CountMax}. An even number survives no more losses than one less: leave one out, or add one.");
        }

        RefuseTwice(seats.Select(seat => (seat, "name", seat.Name)));
        RefuseTwice(seats.SelectMany(seat => new[] { (seat, "address", At(seat, seat.SiloPort)), (seat, "address", At(seat, seat.GatewayPort)) }
            .Concat(seat.Http is null ? [] : [(seat, "address", seat.Http.Authority)])));
        return new ReplicaList(seats);
    }

    /// <summary>The number of the replica of this name, or -1.</summary>
    public int NumberOf(string name) => Seats.Select((seat, number) => (seat, number)).FirstOrDefault(each => each.seat.Name == name, (null!, -1)).number;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Seats);

    private static void RefuseTwice(IEnumerable<(ReplicaSeat Seat, string What, string Text)> uses)
    {
        var taken = new Dictionary<string, ReplicaSeat>(StringComparer.OrdinalIgnoreCase);
        foreach (var (seat, what, text) in uses)
        {
            if (!taken.TryAdd(text, seat))
            {
                throw ReplicaSeat.Invalid($"the {what} {text} is there twice, in '{taken[text]}' and in '{seat}'. Give each replica its own.");
            }
        }
    }

    private static string At(ReplicaSeat seat, int port) => string.Create(CultureInfo.InvariantCulture, $"{(seat.Host.Contains(':') ? $"[{seat.Host}]" : seat.Host)}:{port}");
}
