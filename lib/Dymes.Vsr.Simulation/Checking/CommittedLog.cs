using Dymes.Common;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>
/// The one log that all replicas must have: what any of them has committed, as it was seen first. Agreement, gaps, order of ids and requests that are there twice show here.
/// </summary>
/// <param name="mayForget">Whether sessions may have been forgotten: a client's registration that arrives late is then a new one.</param>
internal sealed class CommittedLog(Func<bool> mayForget)
{
    private readonly List<LogEntry> _entries = [];
    private readonly List<uint> _views = [];
    private readonly HashSet<(UInt128 Client, ulong Number)> _requests = []; // never enumerated
    private UInt128 _lastId;

    public ulong LastOp => (ulong)_entries.Count;

    public LogEntry this[ulong op] => _entries[(int)op - 1];

    /// <summary>The lowest view in which a replica was seen to have committed an op: it is in the logs of all later ones.</summary>
    public uint ViewOf(ulong op) => _views[(int)op - 1];

    /// <summary>A replica in a view has committed an entry, or was started with it as committed.</summary>
    public void See(int replica, uint view, LogEntry entry)
    {
        if (entry.Op <= LastOp)
        {
            _views[(int)entry.Op - 1] = Math.Min(ViewOf(entry.Op), view);
            RuleBroken.Unless(this[entry.Op].Checksum == entry.Checksum, Rule.Agreement, $"replica {replica} has committed another entry at op {entry.Op}");
            return;
        }

        RuleBroken.Unless(entry.Op == LastOp + 1, Rule.GapFree, $"replica {replica} has committed op {entry.Op}, and nobody op {LastOp + 1}");
        CheckOrder(entry);
        CheckRequest(entry);
        _entries.Add(entry);
        _views.Add(view);
    }

    private void CheckOrder(LogEntry entry)
    {
        var last = LastOp == 0 ? null : this[LastOp];
        RuleBroken.Unless(entry.Header.ParentChecksum == (last?.Checksum ?? UInt128.Zero), Rule.GapFree, $"op {entry.Op} does not follow op {LastOp}");
        RuleBroken.Unless(entry.Header.FirstLsn == (last?.EndLsn ?? Lsn.First), Rule.GapFree, $"op {entry.Op} begins at position {entry.Header.FirstLsn}, op {LastOp} ends before {last?.EndLsn}");
        RuleBroken.Unless(
            entry.Header.TimestampMilliseconds >= (last?.Header.TimestampMilliseconds ?? 0), Rule.IdOrder, $"the timestamp of op {entry.Op} is before that of op {LastOp}");
        for (var i = 0; i < entry.Header.MessageCount; i++)
        {
            var id = RequestBody.Id(entry.Body.Span, i);
            RuleBroken.Unless(id > _lastId, Rule.IdOrder, $"message {i} of op {entry.Op} has an id below one before it");
            _lastId = id;
        }
    }

    private void CheckRequest(LogEntry entry)
    {
        var header = entry.Header;
        if (header.Kind is EntryKind.Messages or EntryKind.Answer)
        {
            var (client, number) = (RequestBody.Client(entry.Body.Span), RequestBody.Number(entry.Body.Span));
            RuleBroken.Unless(client.Value == header.ClientId && number == header.RequestNumber, Rule.ExactlyOnce, $"op {entry.Op} holds the request {number} of client {client}, and says {header.RequestNumber}");
        }

        if (header.ClientId != UInt128.Zero)
        {
            RuleBroken.Unless(
                _requests.Add((header.ClientId, header.RequestNumber)) || (header.Kind == EntryKind.Registration && mayForget()),
                Rule.ExactlyOnce,
                $"request {header.RequestNumber} of client {header.ClientId:x} is at op {entry.Op} again");
        }
    }
}
