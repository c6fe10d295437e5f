using BenchmarkDotNet.Attributes;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Benchmarks.Micro;

/// <summary>What a filter costs per message that a scan passes.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class FilterBenchmarks
{
    private const int Count = 1000;
    private readonly byte[] _frames = SampleMessages.Frames(Count, channels: 10);
    private readonly MessageFilter _channel = new ChannelFilter(new ChannelId(3));
    private readonly MessageFilter _narrowing = new NarrowingFilter(0xF, 0x5);
    private readonly MessageFilter _kv = new KvFilter(KvRelation.Equal, "tenant", "acme");

    /// <summary>Walking the frames alone.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public ulong Walk()
    {
        ulong sum = 0;
        foreach (var frame in new FrameEnumerator(_frames))
        {
            sum += frame.Lsn.Value;
        }

        return sum;
    }

    /// <summary>By channel.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int Channel() => Passing(_channel);

    /// <summary>By routing bits.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int Narrowing() => Passing(_narrowing);

    /// <summary>By the value of a header.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int Kv() => Passing(_kv);

    private int Passing(MessageFilter filter)
    {
        var passing = 0;
        foreach (var frame in new FrameEnumerator(_frames))
        {
            passing += filter.Passes(frame) ? 1 : 0;
        }

        return passing;
    }
}
