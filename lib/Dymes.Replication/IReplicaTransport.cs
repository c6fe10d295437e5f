using Dymes.Vsr;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication;

/// <summary>
/// How a replica reaches the others. Everything may be lost, late and in any order, and messages doubled too; nothing may be changed, be it only because each call is given to
/// <see cref="ReplicatedLog"/>'s method of the same parameter as it is. Called on the replica's thread: it neither waits nor throws, and it bounds what it holds back by dropping it.
/// </summary>
public interface IReplicaTransport
{
    /// <summary>A message from this replica to another.</summary>
    void Send(ReplicaNumber to, VsrMessage message);

    /// <summary>A request of this node's clients to the replica that is thought to be the primary.</summary>
    void Send(ReplicaNumber to, ClientRequest request);

    /// <summary>An answer to a request that another node sent.</summary>
    void Send(ReplicaNumber to, ClientReply reply);

    /// <summary>What was sent since the last call leaves: the replica has done all that it had to do at once.</summary>
    void Flush();
}
