using Dymes.Common;
using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Reading;
using Dymes.MessageStore.Recovery;
using Dymes.MessageStore.Scrubbing;
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
    private readonly SessionsFile _sessions;
    private readonly EntryReader _entries;
    private readonly GatheringLog _log;
    private readonly LogFiles _written;
    private readonly ReplicaAppender? _replica;
    private readonly IndexRepair? _repair;
    private readonly DamageReports? _reports;
    private readonly IndexHealing? _healing;
    private readonly Scrubber? _scrubber;
    private DiskThread? _disk;
    private ILogObserver? _observer;

    private SegmentStore(IFileSystem files, StoreOptions options, TimeProvider clock, ILogger logger, IDisposable @lock)
    {
        var identity = new StoreIdentity(options.ClusterId, options.Dataset);
        _files = files;
        _options = options;
        _lock = @lock;
        _entries = new EntryReader(_segments);
        _sessions = new SessionsFile(files, options, identity);
        _room = new RoomGuard(files, options, clock);
        _factory = new SegmentFactory(files, options, identity, clock);
        _journal = new JournalOpener(files, options, identity, clock, logger).Open();
        _reports = options.IsReplicated ? new DamageReports(TellDamaged, clock) : null;
        _healing = _reports is null ? null : new IndexHealing(_segments, _reports, clock, logger) { Gate = Gate };
        _sealer = new SegmentSealer(files, options, identity, OnSealed, logger) { FindOlderThan = _segments.FindChannelBefore, Healing = _healing };
        _sealing = new SealingOrder(_sealer.Enqueue);
        var cutter = new LogCutter(files, options, _journal);
        var opened = OpenLog(cutter, identity, logger);
        OpenedEnd = opened.Tail.NextLsn;
        _log = new GatheringLog(options, _segments.All[^1], opened.End, options.IsReplicated ? opened.Tail : opened.Tail.InNextMillisecond(), Roll)
        {
            HasUnreadableTail = opened.HasUnreadableTail,
        };
        _written = new LogFiles(options, _journal, _factory, _sealing, _sealer, cutter, (_segments.All[^1], opened.End.Offset));
        if (options.IsReplicated)
        {
            _repair = new IndexRepair(_segments, _log, _sealing, _sealer, opened.DamagedOps)
            {
                Gate = Gate,
                WakeDisk = () => WakeDisk(),
                Reports = _reports!,
                OnMended = TellMended,
                Logger = logger,
            };
            _replica = new ReplicaAppender(_log, _segments, opened.Tails, _sealing, _repair, _healing!);
        }

        _scrubber = options.ScrubBytesPerSecond == 0 ? null : new Scrubber(files, options, _segments, _sealing, clock, logger) { Reports = _reports, Healing = _healing };
        Appender = new LogAppender(_log, options.IsReplicated ? null : clock);
        Found = options.IsReplicated ? opened.ToFound(_journal.State) : new FoundLog(FoundCondition.Whole, opened.Tail.NextOp - 1, [], null);
        foreach (var (segment, endOffset) in opened.Unsealed)
        {
            _sealing.Complete(segment, endOffset, _segments.All[(int)segment.Number]);
        }

        _sealing.CommitTo(Found.CommitOp);
    }

    /// <summary>Held by whoever uses <see cref="Appender"/>. Who leaves it lets the disk know: <see cref="WakeDisk"/>.</summary>
    public object Gate { get; } = new();

    /// <summary>Where messages are added.</summary>
    public LogAppender Appender { get; }

    /// <summary>Where a replica adds entries, commits them and takes them back.</summary>
    /// <exception cref="InvalidOperationException">The store was not opened for one.</exception>
    public ReplicaAppender Replica => _replica ?? throw new InvalidOperationException($"{nameof(StoreOptions)}.{nameof(StoreOptions.IsReplicated)} is not set.");

    /// <summary>In what state the files were found.</summary>
    public FoundLog Found { get; }

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

    /// <summary>How far the reading of all files in the background is; null where there is none.</summary>
    public ScrubProgress? Scrub => _scrubber?.Progress(StoredBytes);

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
        _observer = observer;
        _disk = new DiskThread(Gate, _log, Appender, _written, observer);
        _disk.Start();
        _repair?.Start();
        _scrubber?.Start();
    }

    /// <summary>
    /// Makes a state of the replica durable that is made of the present one; from then on the store is known to be a replica's. From any thread, but not the disk's: it waits for no write of
    /// the log, and no write of the log waits for it.
    /// </summary>
    public void WriteState(Func<HardState, HardState> change)
    {
        _journal.Write(state => change(state) with { IsEnrolled = true });
        _journal.Write(static state => state); // into the other slot too: a promise is not forgotten because one of the two goes bad
    }

    /// <summary>Puts the sessions of a replica's clients in the place of those that were saved before, durably. From any thread, one at a time.</summary>
    /// <param name="op">The op that they are as of.</param>
    /// <param name="sessions">What the replica makes of them.</param>
    public void SaveSessions(ulong op, ReadOnlySpan<byte> sessions) => _sessions.Save(op, sessions);

    /// <summary>The sessions that were saved last; null where there are none, or they are damaged.</summary>
    /// <exception cref="DymesException">They are those of another cluster or dataset.</exception>
    public StoredSessions? LoadSessions() => _sessions.Load();

    /// <summary>Whether the disk has room for this many more bytes beside the reserve. For the sequencer.</summary>
    public bool HasRoom(int bytes) => _room.HasRoom(bytes);

    /// <summary>Whether the disk has half of the reserve at least, when it was last asked: what was promised a place finds one. For the sequencer.</summary>
    public bool HasReserve => _room.HasReserve;

    /// <summary>Hands the gathered batch to the disk, if that is free. With <see cref="Gate"/> held.</summary>
    public void OfferToDisk() => _disk!.Offer();

    /// <summary>Lets the disk ask for what waits, if it is free. False where it is not, or not started: it will ask when it is.</summary>
    public bool WakeDisk() => _disk?.Wake() ?? false;

    /// <summary>The segment that holds a position below the end of the log.</summary>
    public Segment SegmentOf(Lsn lsn) => _segments.Of(lsn);

    /// <summary>The op of the entry that holds a committed position.</summary>
    public ulong OpOf(Lsn lsn)
    {
        var segment = _segments.Of(lsn);
        return segment.OpOf(segment.RowOf(lsn));
    }

    /// <summary>
    /// Reads entries that are committed and durable, at least one, at most those of one segment, each checked; for replicas that lag. From any thread; the writer is not held up.
    /// </summary>
    /// <param name="firstOp">The first op, which there must be.</param>
    /// <param name="lastOp">The last op.</param>
    /// <param name="bytesMax">How many bytes to read, beside those of the first entry.</param>
    /// <param name="entriesMax">How many entries to read.</param>
    public StoredEntries ReadEntries(ulong firstOp, ulong lastOp, int bytesMax, int entriesMax) => _entries.Read(firstOp, lastOp, bytesMax, entriesMax);

    /// <summary>Reads the header of an entry that is committed and durable; false where it is damaged. From any thread.</summary>
    public bool TryReadHeader(ulong op, out EntryHeader header) => _entries.TryReadHeader(op, out header);

    /// <summary>Finds a message by its id, committed or not.</summary>
    public bool TryFindId(MessageId id, out Segment segment, out int row) => _segments.TryFindId(id, out segment, out row);

    /// <summary>What is known of a channel, uncommitted messages included.</summary>
    /// <exception cref="DymesException">A segment is damaged that may hold it.</exception>
    public ChannelEntry? FindChannel(ChannelId channel) => _segments.FindChannel(channel);

    /// <summary>The idempotency keys of the newest messages, newest first, at most <paramref name="limit"/>.</summary>
    public IEnumerable<(UInt128 Key, Lsn FirstLsn, int Count)> NewestIdempotencyKeys(int limit) =>
        _segments.All.Reverse().SelectMany(segment => segment.IdempotencyRecords.Reverse().Select(record => (record.Key, segment.LsnOf(record.Row), record.Count))).Take(limit);

    /// <summary>
    /// Takes the segment that holds an op out of the log, and all behind it; their files stay beside it as <c>*.damaged</c>. The next opening finds a log that is damaged from there on. The store
    /// was not started, and is of no use but to be disposed of.
    /// </summary>
    public void SetAsideFrom(ulong op)
    {
        _sealer.Finish(); // it might put index files in the place of those that go
        var first = _segments.OfOp(op).Number;
        foreach (var name in _files.ListFiles(_options.Directory).OrderDescending(StringComparer.Ordinal))
        {
            if (SegmentNames.TryParseMessageFile(name, out var number) && number >= first)
            {
                SetAside(Path.Combine(_options.Directory, SegmentNames.IndexFile(number))); // first: whatever is in the place of the message file later is not its
                SetAside(Path.Combine(_options.Directory, name));
            }
        }

        _files.FlushDirectory(_options.Directory);
    }

    /// <summary>Writes what is still gathered, notes in the journal how far the log goes, and closes all files.</summary>
    public void Dispose()
    {
        _healing?.Stop(); // nobody waits for it any more
        _scrubber?.Dispose();
        _disk?.Stop();
        _repair?.Stop();
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

    private void SetAside(string path)
    {
        if (_files.FileExists(path))
        {
            _files.Rename(path, path + ".damaged");
        }
    }

    private void TellDamaged(ulong op) => _observer?.OnDamaged(op);

    private void TellMended(ulong op)
    {
        _reports!.OnMended(op);
        _observer?.OnMended(op);
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

    private OpenedLog OpenLog(LogCutter cutter, StoreIdentity identity, ILogger logger)
    {
        try
        {
            cutter.CompletePending();
            var opener = new SegmentOpener(_files, _options, identity, _factory, _sealer, _segments, logger) { State = _journal.State };
            return _options.IsReplicated
                ? new ReplicaOpener(opener, _segments, _journal.State, logger).Open()
                : new LogOpener(opener, _options, _journal.State, logger).Open();
        }
        catch
        {
            foreach (var segment in _segments.All)
            {
                segment.Dispose();
            }

            _journal.Dispose();
            throw;
        }
    }
}
