using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Recovery;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore;

/// <summary>
/// The files of one dataset: the log is the database. One sequencer appends through <see cref="Appender"/> while it holds <see cref="Gate"/>; a thread of the store's own writes and
/// flushes; any number of readers use <see cref="Segments"/>.
/// </summary>
public sealed class SegmentStore : IDisposable
{
    private readonly IFileSystem _files;
    private readonly StoreOptions _options;
    private readonly IDisposable _lock;
    private readonly JournalFile _journal;
    private readonly SegmentFactory _factory;
    private readonly SegmentSealer _sealer;
    private readonly RoomGuard _room;
    private readonly SegmentList _segments = new();
    private readonly SealingOrder _sealing;
    private readonly GatheringLog _log;
    private readonly LogFiles _written;
    private readonly ReplicaAppender? _replica;
    private DiskThread? _disk;

    private SegmentStore(IFileSystem files, StoreOptions options, TimeProvider clock, ILogger logger, IDisposable @lock)
    {
        var identity = new StoreIdentity(options.ClusterId, options.Dataset);
        var flushes = options.SyncLevel != SyncLevel.None;
        _files = files;
        _options = options;
        _lock = @lock;
        _room = new RoomGuard(files, options, clock);
        _factory = new SegmentFactory(files, options, identity, clock);
        _journal = OpenJournal(files, options, identity, clock, flushes);
        _sealer = new SegmentSealer(files, options, identity, OnSealed, logger) { FindOlderThan = _segments.FindChannelBefore };
        _sealing = new SealingOrder(_sealer.Enqueue, options.IsReplicated);
        if (_journal.Fault is { } fault)
        {
            logger.LogWarning("{Path}: {Fault} No message is affected.", Path.Combine(options.Directory, JournalFile.FileName), fault);
        }

        var cutter = new LogCutter(files, options, _journal);
        OpenedLog opened;
        try
        {
            cutter.CompletePending();
            opened = new LogOpener(files, options, identity, _factory, _sealer, _journal.State, logger) { Publish = _segments.Add }.Open();
        }
        catch
        {
            _journal.Dispose();
            throw;
        }

        OpenedEnd = opened.Tail.NextLsn;
        _log = new GatheringLog(options, opened.Segments[^1], opened.End, options.IsReplicated ? opened.Tail : opened.Tail.InNextMillisecond(), Roll);
        _written = new LogFiles(options, _journal, _factory, _sealing, _sealer, cutter, (opened.Segments[^1], opened.End.Offset));
        _replica = options.IsReplicated ? new ReplicaAppender(_log, _segments, new UncommittedTails(opened.Tail), _sealing) : null;
        Appender = new LogAppender(_log, options.IsReplicated ? null : clock);
    }

    /// <summary>Held by whoever uses <see cref="Appender"/>. Who leaves it lets the disk know: <see cref="WakeDisk"/>.</summary>
    public object Gate { get; } = new();

    /// <summary>Where messages are added.</summary>
    public LogAppender Appender { get; }

    /// <summary>Where a replica adds entries, commits them and takes them back.</summary>
    /// <exception cref="InvalidOperationException">The store was not opened for one.</exception>
    public ReplicaAppender Replica => _replica ?? throw new InvalidOperationException($"{nameof(StoreOptions)}.{nameof(StoreOptions.IsReplicated)} is not set.");

    /// <summary>The end of the log as it was found: everything below is durable.</summary>
    public Lsn OpenedEnd { get; }

    /// <summary>The segments as of now, oldest first; the last one grows.</summary>
    public ReadOnlySpan<Segment> Segments => _segments.All;

    /// <summary>The highest id of all segments but the last. For the sequencer.</summary>
    public MessageId MaxIdOfSealed => _segments.MaxIdOfSealed;

    /// <summary>The journal's state.</summary>
    public HardState HardState => _journal.State;

    /// <summary>Whether a write or flush failed.</summary>
    public bool HasFailed => _disk?.HasFailed ?? false;

    /// <summary>The bytes of all files of the dataset.</summary>
    public long StoredBytes
    {
        get
        {
            long sum = 0;
            foreach (var segment in _segments.All)
            {
                sum += segment.StoredBytes;
            }

            return sum;
        }
    }

    /// <summary>Opens a dataset's directory, making it if it is missing, and repairs what a crash may leave.</summary>
    /// <exception cref="DymesException">Another process has it, it belongs to another cluster or dataset, or durable bytes are damaged.</exception>
    public static SegmentStore Open(StoreOptions options, IFileSystem files, TimeProvider clock, ILogger logger)
    {
        StoreOptionsCheck.Require(options);
        files.CreateDirectory(options.Directory);
        var path = Path.Combine(options.Directory, "dymes.lock");
        var @lock = files.TryLock(path) ?? throw new DymesException(
            ErrorCode.DirectoryInUse, $"{options.Directory} is in use by another process ({path} is locked). Stop that process, or give this one a directory of its own.");
        try
        {
            return new SegmentStore(files, options, clock, logger, @lock);
        }
        catch (DiskFullException error)
        {
            @lock.Dispose();
            throw new DymesException(ErrorCode.DiskFull, $"{options.Directory} cannot be opened: {error.Message} Free some space and start again.", error);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Starts writing. Before this nothing is written.</summary>
    public void Start(ILogObserver observer)
    {
        _disk = new DiskThread(Gate, _log, Appender, _written, observer);
        _disk.Start();
    }

    /// <summary>Whether the disk has room for this many more bytes beside the reserve. For the sequencer.</summary>
    public bool HasRoom(int bytes) => _room.HasRoom(bytes);

    /// <summary>Hands the gathered batch to the disk, if that is free. With <see cref="Gate"/> held.</summary>
    public void OfferToDisk() => _disk!.Offer();

    /// <summary>Lets the disk ask for what waits, if it is free. False where it is not, or not started: it will ask when it is.</summary>
    public bool WakeDisk() => _disk?.Wake() ?? false;

    /// <summary>The segment that holds a position below the end of the log.</summary>
    public Segment SegmentOf(Lsn lsn) => _segments.Of(lsn);

    /// <summary>Finds a message by its id, committed or not.</summary>
    public bool TryFindId(MessageId id, out Segment segment, out int row) => _segments.TryFindId(id, out segment, out row);

    /// <summary>What is known of a channel, uncommitted messages included.</summary>
    public ChannelEntry? FindChannel(ChannelId channel) => _segments.FindChannel(channel);

    /// <summary>The idempotency keys of the newest messages, newest first, at most <paramref name="limit"/>.</summary>
    public IEnumerable<(UInt128 Key, Lsn FirstLsn, int Count)> NewestIdempotencyKeys(int limit) =>
        _segments.All.Reverse().SelectMany(segment => segment.IdempotencyRecords.Reverse().Select(record => (record.Key, segment.LsnOf(record.Row), record.Count))).Take(limit);

    /// <summary>Writes what is still gathered, notes in the journal how far the log goes, and closes all files.</summary>
    public void Dispose()
    {
        _disk?.Stop();
        _sealer.Finish();
        if (_disk is { HasFailed: false })
        {
            var (segment, offset) = _written.Durable;
            if (segment.HasFile)
            {
                _journal.Write(state => state with { DurableSegment = segment.Number, DurableOffset = offset, DurableLsn = Appender.NextLsn });
            }
        }

        foreach (var segment in _segments.All)
        {
            segment.Dispose();
        }

        _journal.Dispose();
        _lock.Dispose();
    }

    private Segment Roll(LogTail tail)
    {
        Segment? next = null;
        next = _factory.Next((uint)_segments.All.Length + 1, tail, channel => _segments.FindChannelBefore(next!, channel));
        _segments.Add(next);
        return next;
    }

    private void OnSealed(Segment segment, long endOffset)
    {
        var end = segment.LsnOf(segment.Index.Count);
        _journal.Write(state => state.DurableSegment > segment.Number
            ? state
            : state with { DurableSegment = segment.Number, DurableOffset = endOffset, DurableLsn = end });
    }

    private static JournalFile OpenJournal(IFileSystem files, StoreOptions options, StoreIdentity identity, TimeProvider clock, bool flushes)
    {
        if (JournalFile.Open(files, options.Directory, identity, flushes) is { } journal)
        {
            return journal;
        }

        if (files.ListFiles(options.Directory).Any(name => SegmentNames.TryParseMessageFile(name, out _)))
        {
            throw new DymesException(
                ErrorCode.StorageDamaged,
                $"{Path.Combine(options.Directory, JournalFile.FileName)} is missing, though there are message files. Run `dymes verify {options.Directory} --repair` to make a new one.");
        }

        return JournalFile.Create(files, options.Directory, identity, new HardState(), clock.GetUtcNow().ToUnixTimeMilliseconds(), flushes);
    }
}
