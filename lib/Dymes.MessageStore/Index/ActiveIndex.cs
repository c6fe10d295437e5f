using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.MessageStore.Index;

/// <summary>
/// The index of the segment that grows, in memory: about 70 bytes a message, whatever its size. One writer, which adds rows and may take back the last ones; any
/// number of readers.
/// </summary>
/// <param name="firstLsn">The position of row 0.</param>
/// <param name="findOlder">What the older segments know of a channel; asked once for each channel of this segment that somebody wants to know more of than its rows.</param>
public sealed class ActiveIndex(Lsn firstLsn, Func<ChannelId, ChannelEntry?> findOlder) : ISegmentIndex
{
    private readonly KeyTable _ids = new();
    private readonly ChainTable _channels = new();
    private readonly ChainTable _children = new();
    private readonly List<IdempotencyRecord> _idempotency = [];
    private volatile FrameLocation[] _locations = new FrameLocation[64];
    private volatile ChannelOrigin[] _origins = new ChannelOrigin[64];
    private volatile IdBounds? _disorder;
    private volatile SortedRows _sorted = new(0, []);
    private volatile int _generation; // of rows: one more each time that some are taken back

    /// <inheritdoc/>
    public int Count => _ids.Count;

    /// <inheritdoc/>
    public MessageId MinId => _disorder is { } bounds ? bounds.Min : Count == 0 ? MessageId.Max : IdAt(0);

    /// <inheritdoc/>
    public MessageId MaxId => _disorder is { } bounds ? bounds.Max : Count == 0 ? MessageId.None : IdAt(Count - 1);

    /// <summary>Whether each id is higher than the one before.</summary>
    public bool IsInIdOrder => _disorder is null;

    /// <summary>The idempotency keys of the segment's messages, in the order of the log. For the writer.</summary>
    public IReadOnlyList<IdempotencyRecord> IdempotencyRecords => _idempotency;

    internal ChainTable Channels => _channels;

    internal ChainTable Children => _children;

    /// <summary>Adds the next row and returns its channel's ordinal among those of the segment. Nothing is looked up in older segments.</summary>
    public int Add(MessageFrame frame, FrameLocation location) => Add(frame, location, isWhole: true);

    /// <summary>Adds a row whose message is damaged behind its header: it has its place, its id, its channel and its parent.</summary>
    internal void AddDamaged(MessageFrame header, FrameLocation location) => Add(header, location, isWhole: false);

    /// <summary>Adds a row whose message is lost to damage: it has no place, no channel and no parent, and an id of the year 1970 that nothing else has.</summary>
    internal void AddLost()
    {
        var row = Count;
        StoreLocation(row, default);
        _channels.Skip(row);
        _children.Skip(row);
        var stand = new MessageId(firstLsn.Value + (UInt128)row + 1);
        _disorder ??= new IdBounds(row == 0 ? stand : IdAt(0), row == 0 ? stand : IdAt(row - 1));
        _disorder = _disorder.With(stand);
        _ids.Add(stand.Value);
    }

    /// <summary>How many messages of a channel there are up to the last row, those in older segments among them.</summary>
    /// <param name="ordinal">The channel's ordinal.</param>
    /// <exception cref="DymesException">An older segment is damaged.</exception>
    public ulong VersionAt(int ordinal) => _origins[ordinal].CountBefore(new ChannelId(_channels.KeyAt(ordinal)), findOlder) + (ulong)_channels.CountAt(ordinal);

    /// <summary>A place to go back to.</summary>
    public IndexCheckpoint Checkpoint() => new(Count, _disorder);

    /// <summary>Takes back the rows added since a checkpoint.</summary>
    public void RollbackTo(IndexCheckpoint checkpoint)
    {
        TakeBack(checkpoint.Count);
        _disorder = checkpoint.Disorder;
    }

    /// <summary>Takes back all rows behind some first ones.</summary>
    public void RollbackTo(int count)
    {
        TakeBack(count);
        if (_disorder is null)
        {
            return;
        }

        var bounds = new IdBounds(MessageId.Max, MessageId.None);
        for (var row = 0; row < count; row++)
        {
            bounds = bounds.With(IdAt(row));
        }

        _disorder = count == 0 ? null : bounds; // disorder once is disorder ever after: only an order that is none costs a sort
    }

    private void TakeBack(int count)
    {
        while (Count > count)
        {
            var row = Count - 1;
            _ids.RemoveLast();
            _channels.RemoveLast(row);
            _children.RemoveLast(row);
        }

        while (_idempotency.Count > 0 && _idempotency[^1].Row >= Count)
        {
            _idempotency.RemoveAt(_idempotency.Count - 1);
        }

        _generation++; // rows that a reader is sorting now may be others when it is done
    }

    /// <inheritdoc/>
    public FrameLocation LocationAt(int row) => _locations[row];

    /// <inheritdoc/>
    public MessageId IdAt(int row) => new(_ids[row]);

    /// <inheritdoc/>
    public MessageId QuickIdAt(int row) => IdAt(row);

    /// <inheritdoc/>
    public void RequireOrder()
    {
        // what is in memory stays as it is
    }

    /// <inheritdoc/>
    public int FindId(MessageId id) => _ids.Find(id.Value);

    /// <inheritdoc/>
    public IdOrder OrderById()
    {
        var count = Count;
        if (_disorder is null)
        {
            return new IdOrder(count);
        }

        var generation = _generation;
        var sorted = _sorted;
        if (sorted.Generation != generation || sorted.Rows.Length < count)
        {
            var rows = Enumerable.Range(0, count).ToArray();
            var ids = rows.Select(row => _ids[row]).ToArray();
            Array.Sort(ids, rows);
            _sorted = sorted = new SortedRows(generation, rows);
        }

        return new IdOrder(sorted.Rows);
    }

    /// <inheritdoc/>
    public ChannelEntry? FindChannel(ChannelId channel)
    {
        var ordinal = _channels.Find(channel.Value);
        return ordinal < 0 ? null : EntryAt(ordinal);
    }

    /// <inheritdoc/>
    public int CopyChannelRows(ChannelId channel, int from, bool descending, Span<int> rows)
    {
        var ordinal = _channels.Find(channel.Value);
        return ordinal < 0 ? 0 : descending ? _channels.CopyDescending(ordinal, from, rows) : _channels.CopyAscending(ordinal, from, rows);
    }

    /// <inheritdoc/>
    public int CountChannelRowsBelow(ChannelId channel, int row)
    {
        var ordinal = _channels.Find(channel.Value);
        return ordinal < 0 ? 0 : _channels.CountBelow(ordinal, row);
    }

    /// <inheritdoc/>
    public int CopyChildRows(MessageId parent, int from, Span<int> rows)
    {
        var ordinal = _children.Find(parent.Value);
        return ordinal < 0 ? 0 : _children.CopyAscending(ordinal, from, rows);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelEntry> ListChannels(ChannelId? after, int limit)
    {
        var above = Enumerable.Range(0, _channels.KeyCount)
            .Where(ordinal => after is null || _channels.KeyAt(ordinal) > after.Value.Value)
            .OrderBy(_channels.KeyAt)
            .Take(limit);
        return above.Select(EntryAt).ToArray();
    }

    internal ChannelEntry EntryAt(int ordinal) => _origins[ordinal].Describe(new ChannelId(_channels.KeyAt(ordinal)), _channels.CountAt(ordinal), findOlder);

    private int Add(MessageFrame frame, FrameLocation location, bool isWhole)
    {
        var row = Count;
        var id = frame.Id;
        InvariantViolation.Assert(_ids.Find(id.Value) < 0, "an id is added to an index once");
        var lastId = row == 0 ? MessageId.None : MaxId;
        StoreLocation(row, location);
        var channel = AddToChannel(frame, row, id);
        AddToParent(frame.CorrelationId, row);
        if (isWhole)
        {
            ReadReservedKeys(frame, row, _origins[channel]);
        }

        if (_disorder is null ? id < lastId : (id < _disorder.Min || id > _disorder.Max))
        {
            _disorder = _disorder is { } bounds ? bounds.With(id) : new IdBounds(IdAt(0), lastId).With(id);
        }

        _ids.Add(id.Value); // last: whoever finds the id finds the row
        return channel;
    }

    private void StoreLocation(int row, FrameLocation location)
    {
        if (row == _locations.Length)
        {
            var locations = new FrameLocation[row * 2];
            _locations.CopyTo(locations, 0);
            _locations = locations;
        }

        _locations[row] = location;
    }

    private int AddToChannel(MessageFrame frame, int row, MessageId id)
    {
        var channel = frame.Channel;
        var ordinal = _channels.Find(channel.Value);
        if (ordinal < 0)
        {
            StoreOrigin(_channels.KeyCount, new ChannelOrigin(new Lsn(firstLsn.Value + (ulong)row), id));
        }

        return _channels.Append(channel.Value, row);
    }

    private void AddToParent(MessageId parent, int row)
    {
        if (parent.IsNone)
        {
            _children.Skip(row);
        }
        else
        {
            _children.Append(parent.Value, row);
        }
    }

    private void ReadReservedKeys(MessageFrame frame, int row, ChannelOrigin origin)
    {
        if (frame.KvCount == 0)
        {
            return;
        }

        if (origin.NameHere is null && frame.TryGetKv(ReservedKeys.ChannelName, out var name) && ChannelId.OfName(name) == frame.Channel)
        {
            origin.NameHere = Encoding.UTF8.GetString(name);
        }

        if (IdempotencyMark.TryGet(frame, out var count, out var key))
        {
            _idempotency.Add(new IdempotencyRecord(Checksum.Of(key), row, count));
        }
    }

    private void StoreOrigin(int ordinal, ChannelOrigin origin)
    {
        if (ordinal == _origins.Length)
        {
            var origins = new ChannelOrigin[ordinal * 2];
            _origins.CopyTo(origins, 0);
            _origins = origins;
        }

        _origins[ordinal] = origin;
    }

    private sealed record SortedRows(int Generation, int[] Rows);
}

/// <summary>A message that began a request with an idempotency key.</summary>
/// <param name="Key">The XxHash128 of the key's UTF-8 bytes.</param>
/// <param name="Row">The message's row in its segment.</param>
/// <param name="Count">How many messages the request had.</param>
public readonly record struct IdempotencyRecord(UInt128 Key, int Row, int Count);

/// <summary>A place in an <see cref="ActiveIndex"/> to go back to.</summary>
public readonly struct IndexCheckpoint
{
    internal IndexCheckpoint(int count, IdBounds? disorder)
    {
        Count = count;
        Disorder = disorder;
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    internal IdBounds? Disorder { get; }
}

/// <summary>The lowest and highest id, once ids no longer come in order. Replaced as a whole: 256 bits cannot be read at once.</summary>
internal sealed record IdBounds(MessageId Min, MessageId Max)
{
    public IdBounds With(MessageId id) => new(id < Min ? id : Min, id > Max ? id : Max);
}
