using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Dymes.Message;
using Dymes.Message.Json;

namespace Dymes.Benchmarks.Micro;

/// <summary>What JSON costs per message at the front door.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class JsonBenchmarks
{
    private readonly byte[] _request = SampleMessages.CreationRequest(702);
    private readonly byte[] _frame = SampleMessages.Frames(1, channels: 1);
    private readonly CreationRequestReader _reader = new();
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    /// <summary>A creation request into a sealed frame.</summary>
    [Benchmark]
    public int Read()
    {
        _output.ResetWrittenCount();
        _reader.Read(_request, _output);
        return _output.WrittenCount;
    }

    /// <summary>A stored message as an answer shows it.</summary>
    [Benchmark]
    public int Write()
    {
        _output.ResetWrittenCount();
        _ = MessageFrame.TryRead(_frame, out var frame);
        using var json = new Utf8JsonWriter(_output, MessageJson.WriterOptions);
        MessageJson.Write(json, frame);
        json.Flush();
        return _output.WrittenCount;
    }
}
