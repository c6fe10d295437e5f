using Dymes.Membership.Quorum.Register;

namespace Dymes.Membership.Quorum;

/// <summary>What is wanted of an acceptor.</summary>
internal enum AcceptorVerb
{
    /// <summary>To tell what it remembers.</summary>
    Tell,

    /// <summary>To take nothing of older attempts.</summary>
    Promise,

    /// <summary>To accept a content.</summary>
    Accept,

    /// <summary>To keep a sign of life.</summary>
    ShowAlive,
}

/// <summary>A question to an acceptor.</summary>
/// <param name="Verb">What is wanted.</param>
/// <param name="Ballot">To promise and to accept: the attempt.</param>
/// <param name="Content">To accept: what.</param>
/// <param name="Sign">The sign of life.</param>
internal sealed record AcceptorRequest(AcceptorVerb Verb, Ballot Ballot = default, RegisterContent? Content = null, SignOfLife? Sign = null);

/// <summary>An acceptor's answer to every question.</summary>
/// <param name="State">What it remembers; null where it has no memory, and takes part in nothing.</param>
/// <param name="Signs">The signs of life that it has heard.</param>
internal sealed record AcceptorAnswer(AcceptorState? State, IReadOnlyList<SignOfLife> Signs);
