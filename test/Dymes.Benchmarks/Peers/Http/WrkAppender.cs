using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers.Http;

/// <summary>Single POSTs of JSON by wrk, which costs less than any .NET client.</summary>
internal sealed class WrkAppender(Uri address) : IAppender
{
    public string Name => "wrk";

    public bool IsCheap => true;

    public Task<LoadResult> RunAsync(AppendLoad load, TimeSpan duration) => Wrk.PostAsync(address, load.Clients, duration, load.BodyBytes);

    /// <summary>This one and <see cref="HttpAppender"/>, or where wrk is missing that alone.</summary>
    public static IReadOnlyList<IAppender> OrHttp(Uri address) => Wrk.IsInstalled ? [new WrkAppender(address), new HttpAppender(address)] : [new HttpAppender(address)];
}
