using Dymes.Common;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr;

/// <summary>
/// What the log is for: the port to messages, their ids and their indexes. A replica calls it within its steps, on its own thread. The log may have entries that are not
/// committed; the state machine follows all of them (<see cref="Accept"/>), shows only what is committed, and takes the newest back
/// when a view change replaces them.
/// </summary>
public interface IStateMachine
{
    /// <summary>
    /// Primary: makes an entry's body of a request, upon all entries so far, committed or not. Every request gets an entry, so that asking again gives the same answer: one that stores
    /// nothing gets <see cref="EntryKind.Answer"/>. The entry comes back through <see cref="Accept"/>, before anything else. Null where nothing can be said of the request now, because of damage
    /// that is being mended: nothing is changed then, and the client is to ask again.
    /// </summary>
    PreparedEntry? Prepare(ClientRequest request, EntryStamp stamp);

    /// <summary>The log has one more entry, whoever prepared it. Called in the order of ops.</summary>
    void Accept(LogEntry entry);

    /// <summary>The entry is committed and on this replica's disk: it may be shown. Called once for each op after the start, in order.</summary>
    void Commit(LogEntry entry);

    /// <summary>
    /// The answer to the request that made a committed entry, derived from the entry alone: no answer is stored. Null where it cannot be derived now, because of damage that is being mended: it is
    /// asked for again.
    /// </summary>
    ReadOnlyMemory<byte>? Reply(LogEntry entry);

    /// <summary>Forgets all entries after an op. They were not committed.</summary>
    void RollBackTo(ulong op);
}

/// <summary>What a new entry gets from the protocol.</summary>
/// <param name="Op">Its position in the log.</param>
/// <param name="FirstLsn">The position of its first message: positions have no gap.</param>
/// <param name="TimestampMilliseconds">Its time since 1970; never less than that of the entry before, whatever the clocks do, and more where another view prepared that.</param>
public readonly record struct EntryStamp(ulong Op, Lsn FirstLsn, long TimestampMilliseconds);

/// <summary>What a state machine made of a request.</summary>
/// <param name="Kind"><see cref="EntryKind.Messages"/> or <see cref="EntryKind.Answer"/>.</param>
/// <param name="Body">A multiple of 16 bytes. It must not change afterwards.</param>
/// <param name="MessageCount">How many positions the entry takes.</param>
/// <param name="AnswerBytes">How many of the last bytes of a body with messages are no messages but the answer, where the messages do not tell it.</param>
public readonly record struct PreparedEntry(EntryKind Kind, ReadOnlyMemory<byte> Body, uint MessageCount, uint AnswerBytes = 0);
