using Dymes.Benchmarks.Micro;
using Dymes.Benchmarks.Peers.Http;
using Dymes.Client;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>All ways into a silo.</summary>
internal sealed class DymesDoor : IDisposable
{
    private const int Children = 10;
    private readonly DymesClient _client;
    private readonly HttpClient _http;

    public DymesDoor(Uri silo)
    {
        _client = new DymesClient(new DymesClientOptions { Addresses = [silo] });
        _http = new HttpClient { BaseAddress = silo };
        Singles = [.. WrkAppender.OrHttp(new Uri(silo, "/api/v1/messages")), FrameAppenders.Single(_client)];
        Batches = [FrameAppenders.Batch(_client), LineAppender.Batch(silo)];
        Readers = [new LibraryReader(_client), new RawFrameReader(_http)];
    }

    public IReadOnlyList<IAppender> Singles { get; }

    public IReadOnlyList<ClientAppender> Batches { get; }

    public IReadOnlyList<IReader> Readers { get; }

    public async Task<string?> AppendTreeAsync(int messages) => (await MessageTree.AppendAsync(_client, messages, Children, SampleMessages.BodyBytes)).Root.ToString();

    /// <summary>Appends one message.</summary>
    public Task AppendAsync() => FrameAppenders.AppendAsync(_client, FrameAppenders.Frame(0, SampleMessages.BodyBytes), 1);

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }
}
