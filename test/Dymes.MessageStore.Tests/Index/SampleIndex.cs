using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.Testing;

namespace Dymes.MessageStore.Tests.Index;

/// <summary>The rows of a segment of 12,000 messages in 3,000 channels, and their index file of dozens of blocks.</summary>
internal sealed class SampleIndex
{
    public const int Count = 12_000;
    public const int ChannelCount = 3_000;
    private static readonly StoreIdentity Identity = new(0, "default");

    /// <summary>Makes the rows, in the order of their ids or with one that was imported late.</summary>
    public SampleIndex(bool isInIdOrder = true)
    {
        for (var row = 0; row < Count; row++)
        {
            var frame = Frame(row, isInIdOrder || row != 700 ? Id(row) : Id(Count));
            Rows.Add(Frames.First(frame), FrameLocation.Of((row + 10) * 1024L, frame.Length));
        }
    }

    public ActiveIndex Rows { get; } = new(default, static _ => null);

    /// <summary>The id that a row has where ids come in order.</summary>
    public static MessageId Id(int row) => new(MessageId.FirstAt(1_700_000_000_000).Value + ((UInt128)row << 64) + 1);

    /// <summary>The id of the message that row 0, 5, 10, … follow from in threes.</summary>
    public static MessageId Parent(int row) => new(Id(row / 15).Value + 1);

    /// <summary>A channel's number; one in three has its name in the index too.</summary>
    public static ChannelId Channel(int number) => ChannelId.OfName(NameOf(number));

    public void Write(IFileSystem files, string path)
    {
        var summary = new IndexSummary
        {
            SegmentNumber = 1,
            Count = Count,
            EntryCount = 1,
            FirstLsn = default,
            FirstOp = 1,
            MinId = Rows.MinId,
            MaxId = Rows.MaxId,
            LastEntryChecksum = 0,
            LastTimestamp = 0,
            MessageFileBytes = 0,
            MessageFileTag = 0,
            LastView = 0,
        };
        var header = new FileHeader(FileKind.Messages, Identity.ClusterId, Identity.DatasetId, 1, 1, default, 0, 0);
        IndexFileWriter.Write(files, path, header, summary, Rows, [new EntryPlace(0, 4)], flushes: false);
    }

    public static IndexFile? TryOpen(IFileSystem files, string path) => IndexFile.TryOpen(files, path, Identity, 1);

    private static byte[] Frame(int row, MessageId id)
    {
        var builder = new FrameBuilder { Channel = Channel(row * 7 % ChannelCount), CorrelationId = row % 5 == 0 ? Parent(row) : MessageId.None };
        if (row * 7 % ChannelCount % 3 == 0)
        {
            builder.AddKv(ReservedKeys.ChannelName, NameOf(row * 7 % ChannelCount));
        }

        if (row % 100 == 0)
        {
            IdempotencyMark.Put(builder, 1, $"request {row}");
        }

        var frame = builder.Build([]);
        FrameStamp.Stamp(frame, new Lsn((ulong)row), id);
        return frame;
    }

    private static byte[] NameOf(int number) => Encoding.UTF8.GetBytes($"channel {number}");
}
