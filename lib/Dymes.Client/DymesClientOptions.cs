using Dymes.Common;

namespace Dymes.Client;

/// <summary>Where a client finds its nodes, and how long it is patient with them.</summary>
public sealed record DymesClientOptions
{
    /// <summary>Where a node listens unless told otherwise.</summary>
    public static readonly Uri DefaultAddress = new("http://127.0.0.1:6510");

    private const int MostSingleAppends = 10_000;

    /// <summary>The base addresses of the nodes or gateways of one cluster, at least one. The client stays with one while it answers and goes on to the next when it does not.</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [DefaultAddress];

    /// <summary>How long a connection may take to come about. 10 ms to 1 min; 2 s: a node that is there answers in milliseconds, and the next address waits.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one attempt at a call may take. 100 ms to 1 h; 30 s: longer than any flush of a healthy disk.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stream of messages may be silent before its connection counts as broken. 1 s to 1 h; 20 s: nodes say something every 5 s.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a call is tried again after its first failure. 0 (never) to 1 day; 30 s: a node restarts in less.</summary>
    public TimeSpan RetryDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the second try; each further one is twice as long, up to <see cref="BackoffMax"/>, and a part of it is random. 1 ms to 1 min; 50 ms.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between two tries, unless the node asks for a longer one. <see cref="BackoffFirst"/> to 1 min; 2 s.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether the client makes the ids of messages that have none, where the request has no idempotency key. With ids a request can be sent again after a broken connection
    /// without doubling a message; without ids and key, a request whose answer was lost fails with <see cref="ErrorCode.OutcomeUnknown"/>. False: only ids that the log assigns
    /// grow with its positions, and that is what a log promises.
    /// </summary>
    public bool MakesIds { get; init; }

    /// <summary>
    /// How many appends of one message are under way at once; those that come meanwhile go together when one of them is answered, each with its own fate. 1 to 10,000; 4: as many
    /// callers never wait for one another, and thousands cost little more than they.
    /// </summary>
    public int SingleAppendsMax { get; init; } = 4;

    /// <summary>Checks the values.</summary>
    /// <exception cref="DymesException">One is out of its range.</exception>
    public void Validate()
    {
        if (Addresses.Count == 0)
        {
            throw Invalid(nameof(Addresses), "A client needs at least one address, for example http://127.0.0.1:6510.");
        }

        foreach (var address in Addresses)
        {
            if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            {
                throw Invalid(nameof(Addresses), $"\"{address}\" is no address of a node; write http://host:port or https://host:port.");
            }
        }

        if (SingleAppendsMax is < 1 or > MostSingleAppends)
        {
            throw Invalid(nameof(SingleAppendsMax), $"{nameof(SingleAppendsMax)} is {SingleAppendsMax}; it must be from 1 to {MostSingleAppends}.");
        }

        Check(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Check(nameof(AttemptTimeout), AttemptTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Check(nameof(SilenceMax), SilenceMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(nameof(RetryDuration), RetryDuration, TimeSpan.Zero, TimeSpan.FromDays(1));
        Check(nameof(BackoffFirst), BackoffFirst, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Check(nameof(BackoffMax), BackoffMax, BackoffFirst, TimeSpan.FromMinutes(1));
    }

    private static void Check(string option, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
        {
            throw Invalid(option, $"{option} is {value}; it must be from {min} to {max}.");
        }
    }

    private static DymesException Invalid(string option, string message) => new(ErrorCode.ConfigurationInvalid, message) { Field = option };
}
