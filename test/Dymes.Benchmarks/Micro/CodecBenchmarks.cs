using BenchmarkDotNet.Attributes;
using Dymes.Common;
using Dymes.Vsr;
using Dymes.Vsr.Messages;

namespace Dymes.Benchmarks.Micro;

/// <summary>What a message between replicas costs on its way into bytes and back: an entry of messages, and the word that it is on disk.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class CodecBenchmarks
{
    private static readonly Envelope Sender = new(77, 1, new ReplicaNumber(1), new ViewNumber(5));
    private readonly byte[] _ack = new byte[MessageCodec.SizeOf(Acknowledgement)];
    private Prepare _message = null!;
    private byte[] _bytes = [];

    /// <summary>The body of the entry.</summary>
    [Params(1024, 64 * 1024)]
    public int EntryBytes { get; set; }

    private static PrepareOk Acknowledgement => new(Sender, 8, 4);

    /// <summary>Makes the entry.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _message = new Prepare(Sender, LogEntry.Seal(new EntryHeader { Op = 8, MessageCount = 1, Kind = EntryKind.Messages, View = 5 }, SampleMessages.Body(1, EntryBytes)), 6);
        _bytes = new byte[MessageCodec.SizeOf(_message)];
        MessageCodec.Write(_message, _bytes);
    }

    /// <summary>An entry into bytes.</summary>
    [Benchmark]
    public int WritePrepare() => MessageCodec.Write(_message, _bytes);

    /// <summary>Bytes into an entry, all checksums checked.</summary>
    [Benchmark]
    public MessageFault ReadPrepare() => MessageCodec.TryRead(_bytes, out _);

    /// <summary>An acknowledgement there and back.</summary>
    [Benchmark]
    public MessageFault Acknowledge()
    {
        MessageCodec.Write(Acknowledgement, _ack);
        return MessageCodec.TryRead(_ack, out _);
    }
}
