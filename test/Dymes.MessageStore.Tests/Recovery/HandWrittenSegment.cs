using System.Buffers.Binary;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Segments;
using Dymes.Testing.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dymes.MessageStore.Tests.Recovery;

/// <summary>A dataset in a directory of its own whose first segment gets entries that no appender of this version makes.</summary>
internal sealed class HandWrittenSegment
{
    private const string Directory = "/data";
    private readonly byte[] _head = new byte[StoreLimits.FileHeaderBytes];
    private UInt128 _parent;
    private ulong _lastOp;
    private ulong _sequence;
    private long _offset = StoreLimits.FileHeaderBytes;
    private long _lastMark;

    public HandWrittenSegment(UInt128 clusterId = default)
    {
        Options = new StoreOptions { Directory = Directory, ClusterId = clusterId, ReserveBytes = 0 };
        Open().Dispose();
        Path = System.IO.Path.Combine(Directory, SegmentNames.MessageFile(1));
        new FileHeader(FileKind.Messages, clusterId, new StoreIdentity(clusterId, Options.Dataset).DatasetId, 1, 1, Lsn.First, 0, 0).Write(_head);
        using var file = Files.Open(Path, DataFileMode.Create);
        file.Write(_head, 0);
        file.Flush();
        Files.FlushDirectory(Directory);
    }

    public SimulatedFileSystem Files { get; } = new();

    public StoreOptions Options { get; }

    public string Path { get; }

    public SegmentStore Open() => SegmentStore.Open(Options, Files, TimeProvider.System, NullLogger.Instance);

    /// <summary>Adds a batch of one entry without messages.</summary>
    public void Add(EntryKind kind, byte[] body)
    {
        using var file = Files.Open(Path, DataFileMode.ReadWrite);
        var bytes = new byte[StoreLimits.SyncMarkBytes + EntryLimits.HeaderBytes + body.Length];
        var header = new EntryHeader
        {
            ParentChecksum = _parent,
            BodyChecksum = Checksum.Of(body),
            Op = ++_lastOp,
            Kind = kind,
            SizeBytes = (uint)(EntryLimits.HeaderBytes + body.Length),
        };
        new SyncMark(++_sequence, _lastMark, header.SizeBytes, BinaryPrimitives.ReadUInt64LittleEndian(_head)).Write(bytes);
        _parent = header.Write(bytes.AsSpan(StoreLimits.SyncMarkBytes));
        body.CopyTo(bytes, StoreLimits.SyncMarkBytes + EntryLimits.HeaderBytes);
        file.Write(bytes, _offset);
        file.Flush();
        _lastMark = _offset;
        _offset += bytes.Length;
    }
}
