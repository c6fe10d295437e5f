using System.Buffers.Binary;
using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;

namespace Dymes.MessageStore.Segments;

/// <summary>Makes segments and their files.</summary>
internal sealed class SegmentFactory(IFileSystem files, StoreOptions options, StoreIdentity identity, TimeProvider clock)
{
    /// <summary>A segment behind this tail; its file comes with the first batch.</summary>
    public Segment Next(uint number, LogTail tail, Func<ChannelId, ChannelEntry?> findOlder)
    {
        var header = new FileHeader(
            FileKind.Messages, identity.ClusterId, identity.DatasetId, number, tail.NextOp, tail.NextLsn, clock.GetUtcNow().ToUnixTimeMilliseconds(), tail.ParentChecksum);
        var bytes = new byte[StoreLimits.FileHeaderBytes];
        header.Write(bytes);
        var path = Path.Combine(options.Directory, SegmentNames.MessageFile(number));
        return new Segment(header, BinaryPrimitives.ReadUInt128LittleEndian(bytes), path, null, new ActiveIndex(tail.NextLsn, findOlder));
    }

    /// <summary>Creates the message file of a new segment: header and name are durable before the first batch is.</summary>
    public void CreateFile(Segment segment)
    {
        var bytes = new byte[StoreLimits.FileHeaderBytes];
        segment.Header.Write(bytes);
        var file = files.Open(segment.Path, DataFileMode.Create);
        file.Write(bytes, 0);
        if (options.SyncLevel != SyncLevel.None)
        {
            file.Flush();
            files.FlushDirectory(options.Directory);
        }

        segment.File = file;
    }
}
