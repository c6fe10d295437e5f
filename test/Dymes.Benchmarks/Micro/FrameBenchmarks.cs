using BenchmarkDotNet.Attributes;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.Benchmarks.Micro;

/// <summary>What each message costs on its way through, without any I/O.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class FrameBenchmarks
{
    private readonly FrameBuilder _builder = new();
    private readonly byte[] _body = SampleMessages.Body(1);
    private readonly byte[] _frame = SampleMessages.Frames(1, channels: 1);
    private readonly byte[] _scratch = SampleMessages.Frames(1, channels: 1);

    /// <summary>Fields, entries and body into a sealed frame.</summary>
    [Benchmark]
    public int Build()
    {
        _builder.Reset();
        _builder.Channel = new ChannelId(702);
        _builder.AddKv("type"u8, "OrderPlaced"u8);
        _builder.AddKv("tenant"u8, "acme"u8);
        var frame = _scratch.AsSpan(0, _builder.FrameBytes(_body.Length));
        _body.CopyTo(_builder.WriteHead(frame, _body.Length));
        FrameBuilder.Seal(frame);
        return frame.Length;
    }

    /// <summary>Every check of a frame that comes from outside or from disk.</summary>
    [Benchmark]
    public FrameFault Check() => MessageFrame.TryRead(_frame, out _);

    /// <summary>What the writer does to a frame.</summary>
    [Benchmark]
    public void Stamp() => FrameStamp.Stamp(_scratch, new Lsn(17), MessageId.FirstAt(1_700_000_000_000));

    /// <summary>The checksum of a body.</summary>
    [Benchmark]
    public UInt128 Sum() => Checksum.Of(_body);
}
