using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Formats;

/// <summary>The structures that doc/file-format.md shows: a dataset of one message, as this build writes it.</summary>
internal static class FileFormatExamples
{
    private const long Created = 1_700_000_000_000;
    private static readonly StoreIdentity Identity = new(0, "default");

    public static IReadOnlyDictionary<string, byte[]> All()
    {
        var frame = Frame();
        var entry = new byte[EntryLimits.HeaderBytes];
        var entryChecksum = Entry(frame).Write(entry);
        var header = Header(FileKind.Messages, 1);
        var mark = new byte[StoreLimits.SyncMarkBytes];
        new SyncMark(1, 0, entry.Length + frame.Length, Tag(header)).Write(mark);
        var slot = new byte[HardState.SlotBytes];
        new HardState { Generation = 3, DurableSegment = 1, DurableOffset = 320 + frame.Length, DurableLsn = new Lsn(1) }.Write(slot);
        var examples = new Dictionary<string, byte[]>
        {
            ["file header"] = header,
            ["journal header"] = Header(FileKind.Journal, 0),
            ["sync mark"] = mark,
            ["entry header"] = entry,
            ["frame"] = frame,
            ["journal slot"] = slot[..80],
        };
        AddIndex(examples, frame, header, entryChecksum);
        return examples;
    }

    private static byte[] Frame()
    {
        var builder = new FrameBuilder { Channel = ChannelId.OfName("orders"), Routing = 5 };
        builder.AddKv("dymes:channel"u8, "orders"u8);
        builder.AddKv("kind"u8, "paid"u8);
        var frame = builder.Build("Hello"u8);
        FrameStamp.Stamp(frame, new Lsn(0), new MessageId(MessageId.FirstAt(Created).Value + 0xA0));
        return frame;
    }

    private static EntryHeader Entry(byte[] frame) => new()
    {
        BodyChecksum = Checksum.Of(frame),
        Op = 1,
        TimestampMilliseconds = Created,
        Kind = EntryKind.Messages,
        MessageCount = 1,
        SizeBytes = (uint)(EntryLimits.HeaderBytes + frame.Length),
    };

    private static byte[] Header(FileKind kind, uint segment)
    {
        var bytes = new byte[StoreLimits.FileHeaderBytes];
        HeaderOf(kind, segment).Write(bytes);
        return bytes;
    }

    private static FileHeader HeaderOf(FileKind kind, uint segment) => new(kind, Identity.ClusterId, Identity.DatasetId, segment, segment, default, Created, 0);

    private static ulong Tag(byte[] header) => BinaryPrimitives.ReadUInt64LittleEndian(header);

    private static void AddIndex(Dictionary<string, byte[]> examples, byte[] frame, byte[] messageHeader, UInt128 entryChecksum)
    {
        const string Path = "/data/dymes_00000001.idx";
        var files = new SimulatedFileSystem();
        files.CreateDirectory("/data");
        var rows = new ActiveIndex(default, static _ => null);
        MessageFrame.TryRead(frame, out var message);
        rows.Add(message, FrameLocation.Of(320, frame.Length));
        var summary = new IndexSummary
        {
            SegmentNumber = 1,
            Count = 1,
            EntryCount = 1,
            FirstLsn = default,
            FirstOp = 1,
            MinId = message.Id,
            MaxId = message.Id,
            LastEntryChecksum = entryChecksum,
            LastTimestamp = Created,
            MessageFileBytes = 320 + frame.Length,
            MessageFileTag = BinaryPrimitives.ReadUInt128LittleEndian(messageHeader),
            LastView = 0,
        };
        IndexFileWriter.Write(files, Path, HeaderOf(FileKind.Messages, 1), summary, rows, [new EntryPlace(0, 192 / StoreLimits.AlignmentBytes)], flushes: true);
        var bytes = files.ReadAll(Path);
        examples["index summary"] = bytes[IndexFileLayout.SummaryOffset..IndexFileLayout.DirectoryOffset];
        examples["index directory"] = bytes[IndexFileLayout.DirectoryOffset..(IndexFileLayout.DirectoryOffset + (2 * IndexFileLayout.DirectoryRecordBytes))];
        var table = IndexFileLayout.BlockTableOffset;
        examples["index block table"] = [.. bytes[table..(table + 32)], .. bytes[(int)BitConverter.ToInt64(bytes, table)..]];
        foreach (var section in Enum.GetValues<IndexSection>())
        {
            var place = bytes.AsSpan(IndexFileLayout.DirectoryOffset + ((int)section * IndexFileLayout.DirectoryRecordBytes));
            var (offset, length) = (BinaryPrimitives.ReadInt64LittleEndian(place), BinaryPrimitives.ReadInt64LittleEndian(place[8..]));
            if (length > 0)
            {
                examples[$"index section {(int)section}"] = bytes.AsSpan((int)offset, (int)length).ToArray();
            }
        }
    }
}
