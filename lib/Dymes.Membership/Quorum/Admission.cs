using Dymes.Membership.Quorum.Register;

namespace Dymes.Membership.Quorum;

/// <summary>How a silo comes to take part in keeping the table: its acceptor finds its memory again where it has none, and a majority must be there.</summary>
/// <param name="self">The number of this silo's replica.</param>
/// <param name="acceptor">Its acceptor.</param>
/// <param name="acceptors">The ways to all acceptors, by number.</param>
internal sealed class Admission(int self, Acceptor acceptor, IReadOnlyList<IAcceptorPath> acceptors)
{
    // Longer than anybody counts on an answer.
    private static readonly TimeSpan Rest = RemoteAcceptor.Patience * 1.5;

    // Silos that are started for the first time, one after the other and by hand.
    private static readonly TimeSpan FirstStartPatience = TimeSpan.FromSeconds(10);

    /// <summary>Looks once.</summary>
    /// <param name="waited">How long this silo has been looking.</param>
    /// <returns>Whether a majority remembers the table, this silo among them.</returns>
    public async Task<bool> TryAsync(TimeSpan waited)
    {
        var isBlank = acceptor.IsBlank;
        var rejoining = new Rejoining(acceptors.Count);
        var members = 0;
        await new Inquiry(acceptors, (number, answer) =>
        {
            members += answer.State is null ? 0 : 1;
            if (number != self)
            {
                rejoining.Hear(number, answer.State);
            }

            return !isBlank && members > acceptors.Count / 2;
        }).AskAsync(new AcceptorRequest(AcceptorVerb.Tell)).ConfigureAwait(false);
        if (isBlank && rejoining.IsDone(waited > Rest, waited > FirstStartPatience))
        {
            acceptor.Rejoin(rejoining.State);
        }

        return !isBlank && members > acceptors.Count / 2;
    }
}
