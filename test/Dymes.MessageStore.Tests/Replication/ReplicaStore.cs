using Dymes.Message;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Segments;
using Dymes.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dymes.MessageStore.Tests.Replication;

/// <summary>A store that a replica would drive, driven by a test.</summary>
internal sealed class ReplicaStore : ILogObserver, IDisposable
{
    public const string Directory = "/data";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly object _gate = new();
    private ulong _nextId;
    private readonly List<ulong> _rewritten = [];
    private readonly List<ulong> _mended = [];
    private ulong _durable;
    private Exception? _failure;

    public ReplicaStore(IFileSystem files, StoreOptions? options = null, bool starts = true, ulong firstId = 1, TimeProvider? clock = null)
    {
        _nextId = firstId;
        Store = SegmentStore.Open(options ?? Options, files, clock ?? TimeProvider.System, NullLogger.Instance);
        if (Store.Found.Condition == FoundCondition.Blank)
        {
            Store.WriteState(state => state with { ReplicaCount = 3, View = 1, LogView = 1 });
        }

        if (starts)
        {
            Store.Start(this);
        }
    }

    /// <summary>What the store has said to be damaged since it was started.</summary>
    public List<ulong> Damaged { get; } = [];

    public static StoreOptions Options => new() { Directory = Directory, ClusterId = 42, ReserveBytes = 0, IsReplicated = true };

    public SegmentStore Store { get; }

    public ReplicaAppender Log => Store.Replica;

    /// <summary>How many changes were made.</summary>
    public ulong Changes { get; private set; }

    /// <summary>The last change that is durable.</summary>
    public ulong Durable
    {
        get
        {
            lock (_gate)
            {
                return _durable;
            }
        }
    }

    public MessageDraft Draft(string body) => new(body) { Id = new MessageId(_nextId++), Channel = new ChannelId(3) };

    /// <summary>Appends an entry that another replica made.</summary>
    public TestEntry Append(TestEntry entry)
    {
        Change(() => Assert.Equal(EntryFault.None, Log.Append(entry.Header, entry.Body)));
        return entry;
    }

    /// <summary>Appends an entry of messages that another replica made.</summary>
    public TestEntry Append(params MessageDraft[] drafts) => Append(TestEntry.Messages(Log.Tail, drafts));

    /// <summary>Makes an entry here, as the primary does.</summary>
    public TestEntry Prepare(IReadOnlyList<MessageDraft> drafts, int answerBytes = 0)
    {
        var entry = TestEntry.Messages(Log.Tail, drafts, answerBytes);
        Change(() =>
        {
            Log.Open(entry.Body.Length, drafts.Count, entry.Header.TimestampMilliseconds);
            foreach (var draft in drafts)
            {
                Store.Appender.Append(draft.ToFrame(), draft.Id);
            }

            Log.AddAnswer(entry.Body.AsSpan(entry.Body.Length - answerBytes));
            Assert.Equal(entry.Body, Log.CopyBody().ToArray());
            Log.Close(entry.Header);
        });
        return entry;
    }

    public void TruncateAfter(ulong op) => Change(() => Log.TruncateAfter(op));

    /// <summary>Puts an entry back and waits until it is there.</summary>
    public void Rewrite(TestEntry entry)
    {
        lock (Store.Gate)
        {
            Assert.Equal(EntryFault.None, Log.Rewrite(entry.Header, entry.Body));
            _rewritten.Add(entry.Header.Op);
        }

        TruncateAfter(Log.LastOp); // the disk does one after the other
        Settle();
    }

    /// <summary>The bytes of the entries up to an op that can be read.</summary>
    public List<byte[]> ReadAll(ulong lastOp)
    {
        var all = new List<byte[]>();
        while ((ulong)all.Count < lastOp)
        {
            var part = Store.ReadEntries((ulong)all.Count + 1, lastOp, 4096, 100);
            all.AddRange(part.Entries.Select(entry => entry.ToArray()));
            if (part.DamagedOp is { } damaged)
            {
                Assert.Equal((ulong)all.Count + 1, damaged);
                break;
            }
        }

        return all;
    }

    /// <summary>Puts back what the store says to be damaged, until its index is complete.</summary>
    public void MendAll(IReadOnlyList<TestEntry> entries)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var told = 0;
        while (!Log.IsIndexComplete)
        {
            ulong[] damaged;
            lock (_gate)
            {
                damaged = [.. Damaged.Skip(told)];
            }

            told += damaged.Length;
            foreach (var op in damaged)
            {
                Rewrite(entries[(int)op - 1]);
            }

            Assert.False(deadline.IsCancellationRequested, "the index is made again in time");
            Thread.Yield();
        }
    }

    /// <summary>Waits until the store has said that an entry is damaged.</summary>
    public void UntilDamaged(ulong op)
    {
        lock (_gate)
        {
            while (!Damaged.Contains(op))
            {
                Assert.True(Monitor.Wait(_gate, Deadline), "the store has found the damage in time");
            }
        }
    }

    /// <summary>Moves a clock on until the store has said so many times more that an entry is damaged.</summary>
    public void UntilDamagedAgain(ulong op, int more, ManualClock clock)
    {
        var goal = TimesDamaged(op) + more;
        Assert.True(SpinWait.SpinUntil(() => Passes(clock) && TimesDamaged(op) >= goal, Deadline), "the store goes on telling");
    }

    /// <summary>Waits until all entries that were put back are in the index.</summary>
    public void UntilMended()
    {
        lock (_gate)
        {
            while (_rewritten.Except(_mended).Any())
            {
                Assert.True(Monitor.Wait(_gate, Deadline), "what was put back is in the index in time");
            }
        }
    }

    /// <summary>Waits until the disk has done everything.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            while (_durable < Changes && _failure is null)
            {
                Assert.True(Monitor.Wait(_gate, Deadline), "the disk has done what it was told in time");
            }

            if (_failure is { } failure)
            {
                throw new IOException("The disk failed.", failure);
            }
        }
    }

    public void Dispose() => Store.Dispose();

    private int TimesDamaged(ulong op)
    {
        lock (_gate)
        {
            return Damaged.Count(damaged => damaged == op);
        }
    }

    private static bool Passes(ManualClock clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(100));
        return true;
    }

    void ILogObserver.OnIdle()
    {
        // a replica adds when it wants to
    }

    void ILogObserver.OnDurable(in DurableWrite write)
    {
        lock (_gate)
        {
            _durable = write.Write;
            Monitor.PulseAll(_gate);
        }
    }

    void ILogObserver.OnDamaged(ulong op)
    {
        lock (_gate)
        {
            Damaged.Add(op);
            Monitor.PulseAll(_gate);
        }
    }

    void ILogObserver.OnMended(ulong op)
    {
        lock (_gate)
        {
            _mended.Add(op);
            Monitor.PulseAll(_gate);
        }
    }

    void ILogObserver.OnFailed(Exception error)
    {
        lock (_gate)
        {
            _failure = error;
            Monitor.PulseAll(_gate);
        }
    }

    private void Change(Action act)
    {
        lock (Store.Gate)
        {
            act();
        }

        Changes++;
        Store.WakeDisk();
    }
}
