namespace Dymes.Vsr.Sessions;

/// <summary>
/// What a client asks of the primary. A client registers (number 0), learns its session, and sends its requests with 1, 2, 3, …, one at a time, each until it is answered, to
/// whichever replica is the primary.
/// </summary>
/// <param name="Client">The client.</param>
/// <param name="Session">The number that the registration was answered with; 0 in a registration.</param>
/// <param name="Number">0 to register, then one more than in the request before.</param>
/// <param name="Body">What the state machine reads; empty in a registration. It must not change until the request is answered.</param>
public sealed record ClientRequest(ClientId Client, ulong Session, ulong Number, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// The newest view that the client was told of by an answer that was <see cref="ReplyOutcome.Done"/>. A primary of an older view knows less than the client: it would call a session
    /// unknown that another primary has begun since.
    /// </summary>
    public ViewNumber View { get; init; }

    /// <summary>Whether the request begins a session.</summary>
    public bool IsRegistration => Number == 0;

    /// <summary>The request that begins a session.</summary>
    public static ClientRequest Register(ClientId client) => new(client, 0, 0, ReadOnlyMemory<byte>.Empty);
}
