using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers.Http;

/// <summary>A server that reads requests and stores nothing: what is slower than this is not the client's fault.</summary>
internal sealed class EmptyServer(HttpFloorProcess server) : IPeer
{
    private const string NothingBehind = "nothing is behind it";

    public static PeerSystem System { get; } = new(
        "empty server",
        "nothing is stored",
        "Kestrel, with an endpoint that reads the request token by token and answers 201",
        new Installation($".NET {Environment.Version}", ""),
        async _ => new EmptyServer(await HttpFloorProcess.StartAsync(FreePorts.Next())))
    { Scope = PeerScope.Floor, WarmUp = TimeSpan.FromSeconds(6), Pace = new PeerPace(Singles: 2, Batches: 0) };

    public IReadOnlyList<IAppender> Singles { get; } = WrkAppender.OrHttp(server.Address);

    public IReadOnlyList<ClientAppender> Batches => [];

    public IReadOnlyList<IReader> Readers => [];

    public IReadOnlyList<int> Processes => [server.Id];

    public IReadOnlyList<string> Directories => [];

    public Task StopAsync() => throw new NotSupportedException(NothingBehind);

    public Task StartAgainAsync() => throw new NotSupportedException(NothingBehind);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
