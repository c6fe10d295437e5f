using System.Collections.Concurrent;

namespace Dymes.Client.Tests.Nodes;

/// <summary>The network between a client and its nodes: each request meets the next fault that a test has laid out, or none.</summary>
public sealed class FaultyNetwork() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    private readonly ConcurrentQueue<Fault?> _faults = [];

    /// <summary>The requests that were made.</summary>
    public ConcurrentQueue<Uri> Requests { get; } = [];

    /// <summary>The last position that each of them named as seen; null where it named none.</summary>
    public ConcurrentQueue<string?> Seen { get; } = [];

    /// <summary>Lays out what goes wrong with the next requests; null: nothing.</summary>
    public void Expect(params IEnumerable<Fault?> faults)
    {
        foreach (var fault in faults)
        {
            _faults.Enqueue(fault);
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request.RequestUri!);
        Seen.Enqueue(request.Headers.TryGetValues("Dymes-Min-Lsn", out var seen) ? seen.Single() : null);
        return _faults.TryDequeue(out var fault) && fault is not null
            ? fault.ApplyAsync(() => base.SendAsync(request, cancellationToken), cancellationToken)
            : base.SendAsync(request, cancellationToken);
    }
}
