using System.Security.Cryptography;
using Dymes.Common;
using Dymes.MessageStore;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;
using Microsoft.Extensions.Logging;

namespace Dymes.Replication.Hosting;

/// <summary>What a member finds on its disk, as its replica wants to know it.</summary>
/// <param name="Start">What the replica is started with.</param>
/// <param name="CommittedEnd">The end of what may be read at once.</param>
internal sealed record ReplicaOpening(ReplicaStart Start, Lsn CommittedEnd)
{
    /// <summary>
    /// Opens a member's files. Where an entry is damaged that everything behind it depends on, the log is taken back to the segment before, and the member is one that has lost its memory:
    /// it promises nothing before the others have given it what it forgot.
    /// </summary>
    /// <exception cref="DymesException">The directory is in use, the files are another replica's, or damaged and nobody has others.</exception>
    public static (SegmentStore Store, ReplicaOpening Opening) Open(ReplicaOptions options, IFileSystem files, TimeProvider clock, ILogger logger)
    {
        while (true)
        {
            var store = SegmentStore.Open(options.Engine.Store with { IsReplicated = true }, files, clock, logger);
            try
            {
                return (store, Of(store, options.Identity, new HostTime(clock)));
            }
            catch (LostEntryException lost) when (options.Identity.ReplicaCount > 1)
            {
                logger.LogError("Op {Op} is damaged, and what this member knows of its group's sessions depends on it. It gets the log from there on from the others; the damaged files are kept as *.damaged.", lost.Op);
                store.SetAsideFrom(lost.Op);
                store.Dispose();
            }
            catch (LostEntryException lost)
            {
                store.Dispose();
                throw new DymesException(
                    ErrorCode.StorageDamaged, $"The entry at op {lost.Op} is damaged, and nobody else has it. Restore the files from a backup; `dymes verify` says what is damaged.", lost);
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }
    }

    private static ReplicaOpening Of(SegmentStore store, ReplicaIdentity identity, HostTime time)
    {
        var (found, state) = (store.Found, store.HardState);
        RequireOwn(state, identity);
        var tail = ReadTail(store, Math.Max(1, found.CommitOp));
        var durable = state.IsEnrolled
            ? new DurableState(new ViewNumber(state.View), new ViewNumber(state.LogView), state.IsRecovering, Incarnations.Of([.. state.Incarnations]), state.CommitHint)
            : null;
        var start = new ReplicaStart
        {
            Disk = found.Condition switch
            {
                FoundCondition.Blank => DiskCondition.Blank,
                FoundCondition.Whole when durable is not null => DiskCondition.Whole,
                _ => DiskCondition.Damaged,
            },
            State = found.Condition == FoundCondition.Blank ? null : durable,
            Tail = tail,
            KnownCommit = found.CommitOp,
            Sessions = new ClientTable(),
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            Now = time.Milliseconds,
        };
        var committed = start.Commit == 0 ? Lsn.First : tail.Find(entry => entry.Op == start.Commit)!.EndLsn;
        return new ReplicaOpening(start with { Sessions = ReadSessions(store, start.Commit) }, committed);
    }

    private static List<LogEntry> ReadTail(SegmentStore store, ulong firstOp)
    {
        var entries = new List<LogEntry>();
        for (var op = firstOp; op <= store.Replica.LastOp;)
        {
            var read = store.ReadEntries(op, store.Replica.LastOp, VsrLimits.TransferBytesMax, VsrLimits.TransferEntriesMax).Entries;
            if (read.Count == 0)
            {
                throw new LostEntryException(op);
            }

            foreach (var bytes in read)
            {
                entries.Add(LogEntry.TryRead(bytes) ?? throw new LostEntryException(op));
            }

            op = entries[^1].Op + 1;
        }

        return entries;
    }

    private static ClientTable ReadSessions(SegmentStore store, ulong commit)
    {
        var sessions = store.LoadSessions() is { } stored && stored.Op <= commit ? ClientTable.TryLoad(stored.Bytes.Span) : null;
        sessions ??= new ClientTable();
        while (sessions.Op < commit)
        {
            sessions.Apply(store.TryReadHeader(sessions.Op + 1, out var header) ? header : throw new LostEntryException(sessions.Op + 1));
        }

        return sessions;
    }

    // A greater epoch is a new list of replicas: whoever starts a member so says that this log is the member's from now on. Within an epoch nobody may vote with another's memory.
    private static void RequireOwn(HardState state, ReplicaIdentity identity)
    {
        var isOfThisList = (state.Epoch, state.ReplicaNumber, state.ReplicaCount) == (identity.Epoch, identity.Self.Value, (uint)identity.ReplicaCount);
        if (state.IsEnrolled && !isOfThisList && state.Epoch >= identity.Epoch)
        {
            throw new DymesException(
                ErrorCode.ForeignFile,
                $"The data is that of replica {state.ReplicaNumber} of {state.ReplicaCount} in epoch {state.Epoch}; this is replica {identity.Self} of {identity.ReplicaCount} in epoch {identity.Epoch}. " +
                "Start it with the configuration that wrote the data, or give it an empty directory. A new list of replicas needs a greater epoch.");
        }
    }
}
