namespace Dymes.Client.Calls;

/// <summary>The connections to the nodes, and which of them is asked at present.</summary>
internal sealed class NodeHttp : IDisposable
{
    private readonly DymesClientOptions _options;
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Uri[] _addresses;
    private int _current;

    public NodeHttp(DymesClientOptions options, HttpMessageHandler handler, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _addresses = [.. options.Addresses.Select(WithFinalSlash)];

        // Every attempt has a timeout of its own, which a stream renews as long as something comes.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public int AddressCount => _addresses.Length;

    public TimeSpan AttemptTimeout => _options.AttemptTimeout;

    public TimeSpan SilenceMax => _options.SilenceMax;

    public static SocketsHttpHandler CreateHandler(DymesClientOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,

        // A log is a neighbour; a proxy meant for the web would only stand between.
        UseProxy = false,
    };

    /// <summary>The address to ask, and the turn it has; tell <see cref="MoveOn"/> the turn when it fails.</summary>
    public (Uri Address, int Turn) Current()
    {
        var turn = Volatile.Read(ref _current);
        return (_addresses[(int)((uint)turn % (uint)_addresses.Length)], turn);
    }

    /// <summary>Goes on to the next address, unless another call has done so since this turn.</summary>
    public void MoveOn(int turn) => Interlocked.CompareExchange(ref _current, unchecked(turn + 1), turn);

    public CancellationTokenSource StartTimeout(TimeSpan timeout) => new(timeout, _clock);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static Uri WithFinalSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
