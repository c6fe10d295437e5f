using Dymes.Common;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Simulation.Running;

/// <summary>A log of messages in small: the primary gives them ids that only grow, whatever its clock does, and everybody follows. It checks that it is called in order.</summary>
internal sealed class StampingMachine : IStateMachine
{
    private const int RandomBits = 80;
    private readonly Dice _dice;
    private readonly Action<LogEntry> _committed;
    private readonly List<LogEntry> _entries = [];
    private readonly List<UInt128> _lastIds = [0]; // by op: the last id up to it

    public StampingMachine(IEnumerable<LogEntry> log, ulong commit, Dice dice, Action<LogEntry> committed)
    {
        _dice = dice;
        _committed = committed;
        foreach (var entry in log)
        {
            Accept(entry);
        }

        CommitOp = commit;
    }

    public ulong CommitOp { get; private set; }

    public ulong LastOp => (ulong)_entries.Count;

    /// <summary>An entry; null where there is none.</summary>
    public LogEntry? Find(ulong op) => op <= LastOp ? _entries[(int)op - 1] : null;

    public PreparedEntry? Prepare(ClientRequest request, EntryStamp stamp)
    {
        InvariantViolation.Assert(stamp.Op == LastOp + 1, "entries are prepared in order");
        var last = _lastIds[^1];
        var body = RequestBody.Stamp(request.Body.Span, () => last = NextId(last, stamp.TimestampMilliseconds));
        var count = (uint)RequestBody.MessageCount(body);
        return new PreparedEntry(count == 0 ? EntryKind.Answer : EntryKind.Messages, body, count);
    }

    public void Accept(LogEntry entry)
    {
        InvariantViolation.Assert(entry.Op == LastOp + 1, "entries are accepted in order");
        _entries.Add(entry);
        _lastIds.Add(RequestBody.LastId(entry.Body.Span) ?? _lastIds[^1]);
    }

    public void Commit(LogEntry entry)
    {
        InvariantViolation.Assert(entry.Op == CommitOp + 1, "entries are committed in order, each once");
        CommitOp = entry.Op;
        _committed(entry);
    }

    public ReadOnlyMemory<byte>? Reply(LogEntry entry) => entry.Body;

    public void RollBackTo(ulong op)
    {
        InvariantViolation.Assert(op >= CommitOp && op <= LastOp, "only what is not committed is rolled back");
        _entries.RemoveRange((int)op, _entries.Count - (int)op);
        _lastIds.RemoveRange((int)op + 1, _lastIds.Count - (int)op - 1);
    }

    private UInt128 NextId(UInt128 last, long milliseconds)
    {
        var candidate = ((UInt128)(ulong)milliseconds << RandomBits) | (_dice.Next() & 0xFFFF_FFFF);
        return candidate >> RandomBits > last >> RandomBits ? candidate : last + 1;
    }
}
