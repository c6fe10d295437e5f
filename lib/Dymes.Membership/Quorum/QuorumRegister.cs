using Dymes.Common;
using Dymes.Membership.Quorum.Register;
using Dymes.Membership.Tables;

namespace Dymes.Membership.Quorum;

/// <summary>
/// The membership table in a register that the replicas of a group keep together: what a majority has accepted holds, whoever is lost. This silo reads and changes it. Changes are made one
/// after the other; safe for concurrent use.
/// </summary>
/// <param name="self">The number of this silo's replica.</param>
/// <param name="acceptors">The ways to all acceptors, by number.</param>
/// <param name="empty">What the register holds that was never written.</param>
/// <param name="clock">Measures patience.</param>
/// <param name="random">Draws how long to keep out of another proposer's way.</param>
internal sealed class QuorumRegister(int self, IReadOnlyList<IAcceptorPath> acceptors, RegisterContent empty, TimeProvider clock, Random random)
{
    /// <summary>How long a majority may take to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _changing = new(1);
    private Ballot _highest = Ballot.None;

    /// <summary>The newest table, with the newest signs of life.</summary>
    /// <exception cref="DymesException">No majority answers.</exception>
    public async Task<MemberTable> ReadAsync(CancellationToken cancellationToken)
    {
        var poll = new Poll(acceptors.Count);
        var signs = new List<SignOfLife>();
        await AskAllAsync(new AcceptorRequest(AcceptorVerb.Tell), (acceptor, answer) =>
        {
            signs.AddRange(answer.Signs);
            if (answer.State is { } state)
            {
                poll.Hear(acceptor, state);
            }

            return poll.Agreed is not null;
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
        var table = poll.Agreed is { } agreed ? (agreed.Content ?? empty).Table : (await ProposeAsync(_ => null, cancellationToken).ConfigureAwait(false)).Table;
        return SignsOfLife.Show(table, signs);
    }

    /// <summary>Changes the table.</summary>
    /// <param name="change">Makes the new table of the newest one; null: it does not apply. It may be asked more than once.</param>
    /// <param name="cancellationToken">Gives up; the change may or may not be made then.</param>
    /// <returns>Whether it was changed.</returns>
    /// <exception cref="DymesException">No majority answers; the change may or may not be made.</exception>
    public async Task<bool> ChangeAsync(Func<MemberTable, MemberTable?> change, CancellationToken cancellationToken) =>
        (await ProposeAsync(change, cancellationToken).ConfigureAwait(false)).IsApplied;

    /// <summary>Tells all acceptors that a silo is alive, and waits for a majority, though not for long.</summary>
    public Task ShowAliveAsync(SignOfLife sign)
    {
        var heard = new HashSet<int>();
        return AskAllAsync(new AcceptorRequest(AcceptorVerb.ShowAlive, Sign: sign), (acceptor, _) => heard.Add(acceptor) && heard.Count > acceptors.Count / 2);
    }

    private async Task<(bool IsApplied, MemberTable Table)> ProposeAsync(Func<MemberTable, MemberTable?> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var heardAt = clock.GetTimestamp();
            var stamp = 0L;
            for (var overtaken = 0; ;)
            {
                var start = clock.GetTimestamp();
                var ballot = await OpenBallotAsync(cancellationToken).ConfigureAwait(false);
                stamp = stamp == 0 ? ballot.Round : stamp;
                var attempt = new Attempt(ballot, stamp, acceptors.Count, empty, change);
                await MakeAsync(attempt, ballot).WaitAsync(cancellationToken).ConfigureAwait(false);
                _highest = attempt.Highest;
                if (attempt.IsChosen)
                {
                    return (attempt.IsApplied, attempt.Proposal!.Table);
                }

                if (attempt.IsOvertaken)
                {
                    (overtaken, heardAt) = (overtaken + 1, clock.GetTimestamp());
                }
                else if (clock.GetElapsedTime(heardAt) > Patience)
                {
                    throw NoMajority();
                }

                await Task.Delay(RestAfter(clock.GetElapsedTime(start), overtaken), clock, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    // Some that propose at the same time overtake each other for ever, unless one of them has the time of a whole attempt to itself: how long that is, the attempt before has shown.
    private TimeSpan RestAfter(TimeSpan attempt, int overtaken)
    {
        var longest = (attempt > RestMin ? attempt : RestMin) * (1 << Math.Min(overtaken, 6));
        return (longest < RestMax ? longest : RestMax) * random.NextDouble();
    }

    // A ballot is used once, however often the process begins again: it is above all that this silo's own acceptor has promised, which promises it, on its disk, before any other is asked.
    private async Task<Ballot> OpenBallotAsync(CancellationToken cancellationToken)
    {
        if (_highest == Ballot.None)
        {
            _highest = (await AskSelfAsync(new AcceptorRequest(AcceptorVerb.Tell), cancellationToken).ConfigureAwait(false)).Promised;
        }

        while (true)
        {
            var ballot = _highest.NextOf(self);
            _highest = (await AskSelfAsync(new AcceptorRequest(AcceptorVerb.Promise, ballot), cancellationToken).ConfigureAwait(false)).Promised;
            if (_highest == ballot)
            {
                return ballot;
            }
        }
    }

    private async Task<AcceptorState> AskSelfAsync(AcceptorRequest request, CancellationToken cancellationToken) =>
        (await acceptors[self].AskAsync(request).WaitAsync(cancellationToken).ConfigureAwait(false))?.State ?? throw NoMajority();

    private async Task MakeAsync(Attempt attempt, Ballot ballot)
    {
        await AskAllAsync(new AcceptorRequest(AcceptorVerb.Promise, ballot), (acceptor, answer) =>
        {
            if (answer.State is { } state)
            {
                attempt.HearPromise(acceptor, state);
            }

            return attempt.Proposal is not null || attempt.IsOvertaken;
        }).ConfigureAwait(false);
        if (attempt.Proposal is not { } proposal)
        {
            return;
        }

        await AskAllAsync(new AcceptorRequest(AcceptorVerb.Accept, ballot, proposal), (acceptor, answer) =>
        {
            if (answer.State is { } state)
            {
                attempt.HearAcceptance(acceptor, state);
            }

            return attempt.IsChosen || attempt.IsOvertaken;
        }).ConfigureAwait(false);
    }

    private Task AskAllAsync(AcceptorRequest request, Func<int, AcceptorAnswer, bool> hear) => new Inquiry(acceptors, hear).AskAsync(request);

    private DymesException NoMajority() => new(
        ErrorCode.NotReady,
        $"No majority of the {acceptors.Count} replicas keeps the membership table: {string.Join("; ", acceptors.Select(acceptor => acceptor.Trouble).Where(trouble => trouble is not null))}. Start them, or mend the way to them.");
}
