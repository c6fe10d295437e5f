using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Disks;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation;

/// <summary>
/// Where a test can put a bug between a replica and its host: what it is told, what it says, what its disk does, what its state machine is. This one does nothing. The bugs that derive from
/// it prove that the rules can be broken, and that the simulator finds it.
/// </summary>
internal class Sabotage
{
    /// <summary>No bug.</summary>
    public static Sabotage None { get; } = new();

    /// <summary>A message goes out; null to keep it back.</summary>
    public virtual VsrMessage? Sends(SimulatedHost host, int to, VsrMessage message) => message;

    /// <summary>What of a message comes into its bytes.</summary>
    public virtual VsrMessage Writes(VsrMessage message) => message;

    /// <summary>A message comes in: what the replica gets instead.</summary>
    public virtual void Receives(SimulatedHost host, VsrMessage message, Action<VsrMessage> receive) => receive(message);

    /// <summary>A client's request comes in.</summary>
    public virtual ClientRequest Hears(SimulatedHost host, ClientRequest request) => request;

    /// <summary>A reply goes out.</summary>
    public virtual ClientReply Replies(SimulatedHost host, ClientReply reply) => reply;

    /// <summary>Whether the replica is told that a write is on disk as soon as it asks for it.</summary>
    public virtual bool AcknowledgesAtOnce(SimulatedHost host, in Effect write) => false;

    /// <summary>Whether a read is served without asking the replica whether it may be.</summary>
    public virtual bool ServesReadsAtOnce(SimulatedHost host) => false;

    /// <summary>What comes to disk of a hard state.</summary>
    public virtual DurableState? Persists(DurableState? before, DurableState state) => state;

    /// <summary>What a truncation leaves.</summary>
    public virtual ulong TruncatesAfter(ulong op) => op;

    /// <summary>What the replica is told of its disk.</summary>
    public virtual FoundDisk Opens(SimulatedHost host, FoundDisk found) => found;

    /// <summary>What seeds the replica's nonces.</summary>
    public virtual ulong Seeds(SimulatedHost host, ulong seed) => seed;

    /// <summary>The sessions that the replica starts with.</summary>
    public virtual ClientTable Remembers(ClientTable sessions) => sessions;

    /// <summary>The state machine that the replica uses.</summary>
    public virtual IStateMachine Uses(StampingMachine machine) => machine;
}
