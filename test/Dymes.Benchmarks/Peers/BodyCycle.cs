using Dymes.Benchmarks.Micro;

namespace Dymes.Benchmarks.Peers;

/// <summary>Bodies of one size that differ from each other, made before the clock starts: a system that compresses finds no body again. Clients take from it at once.</summary>
internal sealed class BodyCycle(int bodyBytes)
{
    private const int Count = 64;
    private readonly byte[][] _bodies = [.. Enumerable.Range(0, Count).Select(seed => SampleMessages.Body(seed, bodyBytes))];
    private int _given;

    public byte[] Next() => _bodies[(uint)Interlocked.Increment(ref _given) % Count];
}
