using Dymes.Membership.Quorum.Register;

namespace Dymes.Membership.Quorum;

/// <summary>
/// This silo's part of the register's memory. A change of it is kept before it is told; signs of life are told as they come, and forgotten with the process. Safe for concurrent use; every
/// request runs to its end on the caller's thread, the disk included.
/// </summary>
/// <param name="kept">What it remembered when it ended; null where it has no memory.</param>
/// <param name="keep">Makes a state durable, or throws.</param>
internal sealed class Acceptor(AcceptorState? kept, Action<AcceptorState> keep)
{
    private readonly Lock _gate = new();
    private readonly SignsOfLife _signs = new();
    private AcceptorState? _state = kept;

    /// <summary>Whether it has no memory, and so takes part in nothing until <see cref="Rejoin"/>.</summary>
    public bool IsBlank
    {
        get
        {
            lock (_gate)
            {
                return _state is null;
            }
        }
    }

    /// <summary>Does what is asked, and tells what it remembers then.</summary>
    public AcceptorAnswer Answer(AcceptorRequest request)
    {
        lock (_gate)
        {
            if (_state is { } state)
            {
                Become(request switch
                {
                    { Verb: AcceptorVerb.Promise } => state.Promise(request.Ballot),
                    { Verb: AcceptorVerb.Accept, Content: { } content } => state.Accept(request.Ballot, content),
                    _ => state,
                });
            }

            if (request is { Verb: AcceptorVerb.ShowAlive, Sign: { } sign })
            {
                _signs.Keep(sign);
            }

            return new AcceptorAnswer(_state, _signs.ToArray());
        }
    }

    /// <summary>Takes part from now on, with what others remember in its place.</summary>
    public void Rejoin(AcceptorState state)
    {
        lock (_gate)
        {
            if (_state is null)
            {
                keep(state);
                _state = state;
            }
        }
    }

    private void Become(AcceptorState state)
    {
        if (state != _state)
        {
            keep(state);
            _state = state;
        }
    }
}
