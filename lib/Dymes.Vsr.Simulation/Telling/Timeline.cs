using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Telling;

/// <summary>What happened in a run, in order. Bounded: of a long run the newest part is kept, for that is where a rule was broken, and all that is not a message.</summary>
public sealed class Timeline
{
    private const int EntriesMax = 400_000;
    private readonly Queue<TimelineEntry> _traffic = new();
    private readonly List<TimelineEntry> _events = [];
    private EventQueue _queue = new();

    internal Timeline(int replicas) => Replicas = replicas;

    /// <summary>How many replicas there are.</summary>
    public int Replicas { get; }

    /// <summary>When the run ended, in microseconds of simulated time.</summary>
    public ulong EndMicroseconds => _queue.Now;

    /// <summary>All that is not a message: statuses, commits, faults.</summary>
    public IReadOnlyList<TimelineEntry> Events => _events;

    /// <summary>Everything, by time.</summary>
    public IEnumerable<TimelineEntry> Entries
    {
        get
        {
            var next = 0;
            foreach (var message in _traffic)
            {
                for (; next < _events.Count && _events[next].AtMicroseconds < message.AtMicroseconds; next++)
                {
                    yield return _events[next];
                }

                yield return message;
            }

            for (; next < _events.Count; next++)
            {
                yield return _events[next];
            }
        }
    }

    internal void Follow(EventQueue queue) => _queue = queue;

    internal void Sent(int from, int to, VsrMessage message) => Tell(from, TimelineKind.Sent, $"→{to} {MessageText.Of(message)}");

    internal void Delivered(int from, int to, VsrMessage message) => Tell(to, TimelineKind.Delivered, $"←{from} {MessageText.Of(message)}");

    internal void Lost(int from, int to, VsrMessage message) => Tell(from, TimelineKind.Lost, $"✗{to} {MessageText.Of(message)}");

    internal void Status(SimulatedHost host)
    {
        if (host.Running is not { } replica)
        {
            Tell(host.Number, TimelineKind.Down, "down");
            return;
        }

        var kind = replica switch
        {
            { IsPrimary: true } => TimelineKind.Primary,
            { Status: ReplicaStatus.Normal } => TimelineKind.Backup,
            { Status: ReplicaStatus.ViewChange } => TimelineKind.ViewChange,
            { Status: ReplicaStatus.Recovering } => TimelineKind.Recovering,
            _ => TimelineKind.Stopped,
        };
        Tell(host.Number, kind, $"{kind} v{replica.View} (log v{replica.LogView} op {replica.LastOp})", replica.View.Value);
    }

    internal void Applied(int replica, ulong op) => Tell(replica, TimelineKind.Applied, $"applied op {op}", op);

    internal void Replied(ClientReply reply) => Tell(-1, TimelineKind.Replied, $"client {reply.Client.Value & 0xFFFF:x4} request {reply.Number}: {reply.Outcome} op {reply.Op}");

    internal void Fault(PlannedFault fault) => Tell(fault.Replica, TimelineKind.Fault, $"#{fault.Number} {fault.Kind}");

    internal void Note(int replica, string text) => Tell(replica, TimelineKind.Note, text);

    internal void End(Violation? violation)
    {
        if (violation is not null)
        {
            Tell(-1, TimelineKind.Broken, $"{violation.Rule}: {violation.Message}");
        }
    }

    private void Tell(int replica, TimelineKind kind, string text, ulong number = 0)
    {
        var entry = new TimelineEntry(_queue.Now, replica, kind, number, text);
        if (kind is not (TimelineKind.Sent or TimelineKind.Delivered or TimelineKind.Lost or TimelineKind.Replied))
        {
            _events.Add(entry);
            return;
        }

        _traffic.Enqueue(entry);
        if (_traffic.Count > EntriesMax)
        {
            _traffic.Dequeue();
        }
    }
}
