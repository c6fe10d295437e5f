namespace Dymes.Membership.Quorum.Register;

/// <summary>
/// A read that writes nothing. Where a majority has accepted the same attempt, that is what the register held at some moment since the question: anything newer is at a majority that shares an
/// acceptor with this one. Where none has, a change was under way, and somebody must finish it first: an <see cref="Attempt"/> that changes nothing.
/// </summary>
/// <param name="count">How many acceptors there are.</param>
internal sealed class Poll(int count)
{
    private readonly AcceptorState?[] _heard = new AcceptorState?[count];

    /// <summary>What a majority agrees on; null where it does not.</summary>
    public AcceptorState? Agreed { get; private set; }

    /// <summary>The newest that anybody has accepted.</summary>
    public AcceptorState? Newest { get; private set; }

    public void Hear(int acceptor, AcceptorState state)
    {
        _heard[acceptor] ??= state;
        Newest = Newest is null || state.Accepted > Newest.Accepted ? state : Newest;
        Agreed ??= _heard.Count(heard => heard?.Accepted == state.Accepted) > count / 2 ? state : null;
    }
}
