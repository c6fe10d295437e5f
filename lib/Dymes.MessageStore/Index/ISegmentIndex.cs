using Dymes.Common;
using Dymes.Message;

namespace Dymes.MessageStore.Index;

/// <summary>
/// The index of one segment: in memory while the segment grows, a mapped file once it is sealed. A message is a *row*, its position within the segment, from 0. Reads may run
/// beside the one writer; rows that are not committed are the caller's to leave out.
/// </summary>
public interface ISegmentIndex
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The lowest id, or <see cref="MessageId.Max"/> where there is no row.</summary>
    MessageId MinId { get; }

    /// <summary>The highest id, or none where there is no row.</summary>
    MessageId MaxId { get; }

    /// <summary>Where a row's frame is.</summary>
    FrameLocation LocationAt(int row);

    /// <summary>A row's id.</summary>
    MessageId IdAt(int row);

    /// <summary>A row's id, for who asks for many: it may have gone bad since it was first used. Who leaves something out of an answer because of it asks for <see cref="IdAt"/>.</summary>
    MessageId QuickIdAt(int row);

    /// <summary>The row of an id, or -1.</summary>
    int FindId(MessageId id);

    /// <summary>The rows in the order of their ids, as of the call.</summary>
    IdOrder OrderById();

    /// <summary>Makes sure that <see cref="OrderById"/> has not gone bad since it was first used.</summary>
    void RequireOrder();

    /// <summary>What the segment knows of a channel, or null where it holds no message of it.</summary>
    ChannelEntry? FindChannel(ChannelId channel);

    /// <summary>Copies a channel's rows at or above <paramref name="from"/> in ascending order, or at or below it in descending order; returns how many.</summary>
    int CopyChannelRows(ChannelId channel, int from, bool descending, Span<int> rows);

    /// <summary>How many of a channel's rows are below a row.</summary>
    int CountChannelRowsBelow(ChannelId channel, int row);

    /// <summary>Copies the rows at or above <paramref name="from"/> of the messages that follow directly from <paramref name="parent"/>; returns how many.</summary>
    int CopyChildRows(MessageId parent, int from, Span<int> rows);

    /// <summary>The channels behind <paramref name="after"/> in order of their numbers, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<ChannelEntry> ListChannels(ChannelId? after, int limit);
}

/// <summary>What one segment knows of a channel. Older segments count through <see cref="BaseCount"/>, so the newest segment that holds the channel knows all.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Name">Its name, if one was ever given.</param>
/// <param name="FirstLsn">The position of the channel's first message in the log.</param>
/// <param name="FirstId">The id of the channel's first message in the log.</param>
/// <param name="BaseCount">How many of its messages are in older segments.</param>
/// <param name="Count">How many of its messages are in this segment.</param>
public sealed record ChannelEntry(ChannelId Channel, string? Name, Lsn FirstLsn, MessageId FirstId, ulong BaseCount, int Count);

/// <summary>Rows in the order of their ids. Where no import came out of order that is the order of the rows, and nothing is stored.</summary>
public readonly ref struct IdOrder
{
    private readonly ReadOnlySpan<int> _rows;

    internal IdOrder(int count)
    {
        Count = count;
    }

    internal IdOrder(ReadOnlySpan<int> rows)
    {
        _rows = rows;
        Count = rows.Length;
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The row that is at this place by id.</summary>
    public int RowAt(int rank) => _rows.IsEmpty ? rank : _rows[rank];

    /// <summary>How many rows have a lower id. The ids on both sides are certain, which is proof, whatever led there.</summary>
    public int RankOf(MessageId id, ISegmentIndex index)
    {
        var rank = QuickRankOf(id, index);
        var isProven = (rank == 0 || index.IdAt(RowAt(rank - 1)) < id) && (rank == Count || index.IdAt(RowAt(rank)) >= id);
        return isProven ? rank : Search(id, index, isCertain: true);
    }

    /// <summary>How many rows have a lower id, as long as no id has gone bad since it was first used.</summary>
    internal int QuickRankOf(MessageId id, ISegmentIndex index) => Search(id, index, isCertain: false);

    private int Search(MessageId id, ISegmentIndex index, bool isCertain)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            var row = RowAt(middle);
            if ((isCertain ? index.IdAt(row) : index.QuickIdAt(row)) < id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
