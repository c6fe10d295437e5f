using Dymes.Message;
using Dymes.MessageStore.Segments;

namespace Dymes.MessageStore.Index;

/// <summary>
/// An index file that is made again from its message file when a section turns out to be damaged. The damaged view stays mapped until the segment is closed: a reader may still
/// hold a span of it.
/// </summary>
/// <param name="file">The index file.</param>
/// <param name="rebuild">Makes it again.</param>
/// <param name="healing">Does so for the writer, who must not wait for it; null where he may.</param>
internal sealed class SelfHealingIndex(IndexFile file, Func<ISegmentIndex> rebuild, IndexHealing? healing = null) : ISegmentIndex, IDisposable
{
    private readonly Lock _gate = new();
    private volatile ISegmentIndex _current = file;

    public IndexSummary Summary => file.Summary;

    public IReadOnlyList<IdempotencyRecord> IdempotencyRecords => _current switch
    {
        IndexFile current => RecordsOf(current),
        SelfHealingIndex rebuilt => rebuilt.IdempotencyRecords,
        ActiveIndex rows => rows.IdempotencyRecords,
        _ => [],
    };

    /// <summary>Whether the index was made again and is in memory only: messages were missing then.</summary>
    public bool IsMakeshift => _current is ActiveIndex or SelfHealingIndex { IsMakeshift: true };

    public long FileBytes => file.FileBytes;

    public int Count => _current.Count;

    public MessageId MinId => _current.MinId;

    public MessageId MaxId => _current.MaxId;

    public FrameLocation LocationAt(int row)
    {
        var current = _current;
        try
        {
            return current.LocationAt(row);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).LocationAt(row);
        }
    }

    public MessageId IdAt(int row)
    {
        var current = _current;
        try
        {
            return current.IdAt(row);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).IdAt(row);
        }
    }

    public MessageId QuickIdAt(int row)
    {
        var current = _current;
        try
        {
            return current.QuickIdAt(row);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).QuickIdAt(row);
        }
    }

    public int FindId(MessageId id)
    {
        var current = _current;
        try
        {
            return current.FindId(id);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).FindId(id);
        }
    }

    public IdOrder OrderById()
    {
        var current = _current;
        try
        {
            return current.OrderById();
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).OrderById();
        }
    }

    public void RequireOrder()
    {
        var current = _current;
        try
        {
            current.RequireOrder();
        }
        catch (IndexDamagedException)
        {
            Rebuilt(current);
        }
    }

    public ChannelEntry? FindChannel(ChannelId channel)
    {
        var current = _current;
        try
        {
            return current.FindChannel(channel);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).FindChannel(channel);
        }
    }

    public int CopyChannelRows(ChannelId channel, int from, bool descending, Span<int> rows)
    {
        var current = _current;
        try
        {
            return current.CopyChannelRows(channel, from, descending, rows);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).CopyChannelRows(channel, from, descending, rows);
        }
    }

    public int CountChannelRowsBelow(ChannelId channel, int row)
    {
        var current = _current;
        try
        {
            return current.CountChannelRowsBelow(channel, row);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).CountChannelRowsBelow(channel, row);
        }
    }

    public int CopyChildRows(MessageId parent, int from, Span<int> rows)
    {
        var current = _current;
        try
        {
            return current.CopyChildRows(parent, from, rows);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).CopyChildRows(parent, from, rows);
        }
    }

    public IReadOnlyList<ChannelEntry> ListChannels(ChannelId? after, int limit)
    {
        var current = _current;
        try
        {
            return current.ListChannels(after, limit);
        }
        catch (IndexDamagedException)
        {
            return Rebuilt(current).ListChannels(after, limit);
        }
    }

    /// <summary>Where an entry of the segment is, by its place among them; null where only the segment itself knows.</summary>
    public EntryPlace? EntryAt(int entry)
    {
        var current = _current;
        try
        {
            return current switch
            {
                IndexFile known => known.EntryAt(entry),
                SelfHealingIndex healing => healing.EntryAt(entry),
                _ => null,
            };
        }
        catch (IndexDamagedException)
        {
            Rebuilt(current);
            return EntryAt(entry);
        }
    }

    /// <summary>Makes sure that the places of some entries have not gone bad since they were first used.</summary>
    public void RequireEntries(int first, int count)
    {
        var current = _current;
        try
        {
            (current as IndexFile)?.RequireEntries(first, count);
            (current as SelfHealingIndex)?.RequireEntries(first, count);
        }
        catch (IndexDamagedException)
        {
            Rebuilt(current);
        }
    }

    /// <summary>Whether the place of a row had gone bad, so that something else was there. It is made again then.</summary>
    public bool HealLocation(int row)
    {
        var current = _current;
        try
        {
            (current as IndexFile)?.RequireLocation(row);
            return current is SelfHealingIndex healing && healing.HealLocation(row);
        }
        catch (IndexDamagedException)
        {
            Rebuilt(current);
            return true;
        }
    }

    /// <summary>Makes the index once more: its file is damaged, or messages were missing the last time.</summary>
    public void MakeAgain()
    {
        var current = _current;
        if (current is SelfHealingIndex rebuilt)
        {
            rebuilt.MakeAgain();
        }
        else
        {
            Rebuilt(current);
        }
    }

    public void Dispose()
    {
        file.Dispose();
        if (_current != file)
        {
            (_current as IDisposable)?.Dispose();
        }
    }

    private IReadOnlyList<IdempotencyRecord> RecordsOf(IndexFile current)
    {
        try
        {
            return current.IdempotencyRecords();
        }
        catch (IndexDamagedException)
        {
            Rebuilt(current);
            return IdempotencyRecords;
        }
    }

    private ISegmentIndex Rebuilt(ISegmentIndex damaged)
    {
        healing?.LeaveWriter(this, () => Rebuilt(damaged));
        lock (_gate)
        {
            if (_current == damaged)
            {
                _current = rebuild();
            }

            return _current;
        }
    }
}
