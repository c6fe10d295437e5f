using Dymes.Common;
using Dymes.Message;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.MessageStore.Tests.Replication;

/// <summary>What a replica did with its log over several lives, and what it may find of it at the next start.</summary>
internal sealed class ReplicaHistory(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<TestEntry> _log = [];
    private readonly List<TestEntry[]> _states = [[]]; // after each change of this life, from the start on
    private ulong _committed;
    private uint _view;
    private uint _writtenView;
    private ulong _tried;
    private ulong _saved;
    private ulong _nextId = 1;

    private static StoreOptions Options => ReplicaStore.Options with { SegmentMessagesMax = 7 };

    /// <summary>Opens the store, checks what it finds, and goes on until the disk dies, or to a clean close.</summary>
    public void Live(SimulatedFileSystem files, int? crashesWithin)
    {
        ReplicaStore? store = null;
        var durable = 0ul;
        try
        {
            files.CrashAtStep(crashesWithin is { } steps ? files.Steps + 1 + _random.Next(steps) : long.MaxValue);
            store = new ReplicaStore(files, Options, firstId: _nextId);
            Check(store);
            for (var i = 0; i < 40; i++)
            {
                Act(store);
            }

            store.Settle();
        }
        catch (IOException)
        {
            // the disk died
        }
        finally
        {
            durable = store?.Durable ?? 0;
            Close(store);
            _states.RemoveRange(0, Math.Min((int)durable, _states.Count - 1));
        }
    }

    private void Act(ReplicaStore store)
    {
        switch (_random.Next(12))
        {
            case 0 when store.Log.LastOp > _committed:
                var op = _committed + (ulong)_random.NextInt64((long)(store.Log.LastOp - _committed) + 1);
                _log.RemoveRange((int)op, _log.Count - (int)op);
                Note();
                store.TruncateAfter(op);
                break;
            case 1:
                _committed += (ulong)_random.NextInt64((long)(store.Log.LastOp - _committed) + 1);
                store.Log.CommitTo(_committed);
                break;
            case 2:
                var view = ++_view;
                store.Store.WriteState(state => state with { View = view, CommitHint = _committed });
                _writtenView = view;
                break;
            case 3:
                var tried = ++_tried;
                store.Store.SaveSessions(tried, new byte[_random.Next(100)]);
                _saved = tried;
                break;
            case 4:
                store.Settle();
                break;
            case 5:
                Add(TestEntry.Of(store.Log.Tail, _random.Next(2) == 0 ? EntryKind.NoOp : EntryKind.Registration, 0, []), store);
                break;
            case 6:
                Add(TestEntry.Of(store.Log.Tail, EntryKind.Answer, 0, new byte[16 * _random.Next(1, 5)]), store);
                break;
            case 7:
                var drafts = Drafts();
                _log.Add(null!);
                Note();
                _log[^1] = store.Prepare(drafts, 16 * _random.Next(3));
                _states[^1][^1] = _log[^1];
                break;
            default:
                Add(TestEntry.Messages(store.Log.Tail, Drafts(), 16 * _random.Next(3)), store);
                break;
        }
    }

    private void Add(TestEntry entry, ReplicaStore store)
    {
        var told = entry with { Header = entry.Header with { Commit = _committed, AnswerBytes = entry.Header.Kind == EntryKind.Answer ? (uint)entry.Body.Length : entry.Header.AnswerBytes } };
        _log.Add(told);
        Note();
        store.Append(told);
    }

    private void Note() => _states.Add([.. _log]);

    private MessageDraft[] Drafts() => Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new MessageDraft(new string('x', Size()))
    {
        Id = new MessageId(_nextId++),
        Channel = new ChannelId((UInt128)(uint)_random.Next(3)),
    }).ToArray();

    // One in ten makes its batch a large one, which goes to the disk in blocks.
    private int Size() => _random.Next(10) > 0 ? _random.Next(2_000) : StoreLimits.LargeBatchBytes + _random.Next(9_000);

    private void Check(ReplicaStore store)
    {
        var found = store.Store.Found;
        Assert.True(found.Condition is FoundCondition.Whole or FoundCondition.Blank, $"seed {seed}: {found}");
        Assert.Empty(found.DamagedOps);
        var read = store.ReadAll(store.Log.LastOp);
        var state = _states.FindLast(state => state.Length == read.Count && state.Zip(read).All(pair => pair.First.Bytes().AsSpan().SequenceEqual(pair.Second)));
        Assert.True(state is not null, $"seed {seed}: the log ends with op {read.Count}, which it never did since the last change that was durable");
        Assert.True(store.Store.HardState.View >= _writtenView, $"seed {seed}: the view that was written is remembered");
        Assert.True((store.Store.LoadSessions()?.Op ?? 0) >= _saved, $"seed {seed}: the sessions that were saved are there");
        CheckIndex(store, state);
        _log.Clear();
        _log.AddRange(state);
        _states.Clear();
        Note();
        _committed = found.CommitOp;
        _view = Math.Max(_view, store.Store.HardState.View);
    }

    private void CheckIndex(ReplicaStore store, TestEntry[] state)
    {
        var messages = state.SelectMany(entry => Frames.Split(entry.Body.AsSpan(0, entry.Header.FrameBytes))).ToArray();
        var rows = 0;
        foreach (var segment in store.Store.Segments)
        {
            rows += segment.Index.Count;
        }

        Assert.True(messages.Length == rows, $"seed {seed}: {rows} rows of {messages.Length} messages");
        Assert.All(messages, message => Assert.True(
            store.Store.TryFindId(Frames.First(message).Id, out var segment, out var row) && segment.LsnOf(row) == Frames.First(message).Lsn, $"seed {seed}: each message is found by its id"));
        foreach (var channel in messages.GroupBy(message => Frames.First(message).Channel))
        {
            var entry = store.Store.FindChannel(channel.Key)!;
            Assert.Equal((ulong)channel.Count(), entry.BaseCount + (ulong)entry.Count);
        }
    }

    private static void Close(ReplicaStore? store)
    {
        try
        {
            store?.Dispose();
        }
        catch (IOException)
        {
            // its disk is gone
        }
    }
}
