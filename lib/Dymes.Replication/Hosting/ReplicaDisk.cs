using Dymes.Common;
using Dymes.MessageStore;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;
using Microsoft.Extensions.Logging;

namespace Dymes.Replication.Hosting;

/// <summary>What a replica wants of the disk beside the log itself: its hard state, entries read for others, damaged ones written again, the sessions now and then.</summary>
internal sealed class ReplicaDisk : IDisposable
{
    // A start reads the headers of so many entries at most.
    private const ulong SessionsEveryOps = 16_384;
    private readonly SegmentStore _store;
    private readonly ReplicaIdentity _identity;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;
    private readonly ReplicaMeter _meter;
    private readonly StateWriter _states;
    private ulong _sessionsSavedAt;
    private Task _saving = Task.CompletedTask;

    public ReplicaDisk(SegmentStore store, ReplicaIdentity identity, Inbox inbox, ReplicaMeter meter, ILogger logger)
    {
        _meter = meter;
        _store = store;
        _identity = identity;
        _inbox = inbox;
        _logger = logger;
        _sessionsSavedAt = store.Found.CommitOp;
        _states = new StateWriter(WriteState, inbox);
    }

    public void Write(ulong generation, DurableState state) => _states.Write(generation, state);

    /// <summary>Reads entries on a thread of the pool; the replica is told.</summary>
    public void Read(ulong reading, ulong fromOp, ulong lastOp) =>
        ThreadPool.UnsafeQueueUserWorkItem(_ => _inbox.Add(new Input(InputKind.EntriesRead, reading, ReadEntries(fromOp, lastOp))), null);

    /// <summary>Writes an entry over its damaged bytes, in the order of the log's writes. With the store's gate held.</summary>
    public void Rewrite(LogEntry entry)
    {
        EntryFault fault;
        try
        {
            fault = _store.Replica.Rewrite(entry.Header, entry.Body.Span);
        }
        catch (DymesException error) when (error.Code == ErrorCode.StorageDamaged)
        {
            _store.Replica.IndexesHealed.ContinueWith(_ => _inbox.Add(new Input(InputKind.Damaged, entry.Op)), TaskScheduler.Default); // its place is known then
            return;
        }

        if (fault == EntryFault.None)
        {
            _logger.LogWarning("Op {Op} was damaged on this disk; it is written again, as another member has it.", entry.Op);
        }
        else
        {
            _logger.LogError("Op {Op} is damaged on this disk, and what another member sent for it does not fit ({Fault}).", entry.Op, fault);
        }
    }

    /// <summary>The sessions are as of an op: they are stored now and then.</summary>
    public void Applied(ulong op, ClientTable sessions)
    {
        if (op - _sessionsSavedAt >= SessionsEveryOps && _saving.IsCompleted)
        {
            SaveSessions(sessions);
        }
    }

    /// <summary>Stores the sessions, so that the next start need not read what came since the last time. The replica has stopped.</summary>
    public void SaveAtEnd(ClientTable sessions)
    {
        _saving.Wait();
        SaveSessions(sessions);
        _saving.Wait();
    }

    public void Dispose() => _states.Dispose();

    private void SaveSessions(ClientTable sessions)
    {
        _sessionsSavedAt = sessions.Op;
        var (op, bytes) = (sessions.Op, sessions.Save());
        _saving = Task.Run(() =>
        {
            try
            {
                _store.SaveSessions(op, bytes);
            }
            catch (Exception error) when (error is IOException or DymesException)
            {
                _logger.LogWarning(error, "The sessions could not be stored; the next start takes a little longer.");
            }
        });
    }

    private List<LogEntry> ReadEntries(ulong fromOp, ulong lastOp)
    {
        var entries = new List<LogEntry>();
        try
        {
            var stored = _store.ReadEntries(fromOp, lastOp, VsrLimits.TransferBytesMax, VsrLimits.TransferEntriesMax);
            foreach (var bytes in stored.Entries)
            {
                entries.Add(LogEntry.TryRead(bytes) ?? throw new InvariantViolation("the store has checked the entries that it reads"));
            }

            if (stored.DamagedOp is { } damaged)
            {
                _inbox.Add(new Input(InputKind.Damaged, damaged));
            }
        }
        catch (Exception error) when (error is IOException or DymesException)
        {
            _logger.LogError(error, "Entries from op {Op} on cannot be read for another member.", fromOp);
        }

        return entries;
    }

    private void WriteState(DurableState state)
    {
        var incarnations = new uint[VsrLimits.ReplicasMax];
        state.Incarnations.CopyTo(incarnations);
        var started = TimeProvider.System.GetTimestamp();
        _store.WriteState(before => before with
        {
            Epoch = _identity.Epoch,
            ReplicaNumber = _identity.Self.Value,
            ReplicaCount = (uint)_identity.ReplicaCount,
            View = state.View.Value,
            LogView = state.LogView.Value,
            CommitHint = state.CommitHint,
            IsRecovering = state.IsRecovering,
            Incarnations = incarnations,
        });
        _meter.StateWritten(TimeProvider.System.GetElapsedTime(started));
    }
}
