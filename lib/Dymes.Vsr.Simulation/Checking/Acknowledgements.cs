using Dymes.Common;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>What clients were told, and what follows from it.</summary>
internal sealed class Acknowledgements(SimulatedCluster cluster)
{
    private readonly Dictionary<(UInt128 Client, ulong Number), UInt128> _bodies = []; // never enumerated

    /// <summary>The highest op that a client has heard of.</summary>
    public ulong HeardOp { get; private set; }

    public int Count => _bodies.Count;

    /// <summary>A replica answers.</summary>
    public void Sent(int replica, ClientReply reply)
    {
        if (reply.Outcome != ReplyOutcome.Done)
        {
            return;
        }

        var request = $"request {reply.Number} of client {reply.Client}";
        RuleBroken.Unless(reply.Op >= 1 && reply.Op <= cluster.Log.LastOp, Rule.Durability, $"replica {replica} acknowledges {request} at op {reply.Op}, which nobody has committed");
        var header = cluster.Log[reply.Op].Header;
        RuleBroken.Unless(
            header.ClientId == reply.Client.Value && header.RequestNumber == reply.Number, Rule.ExactlyOnce, $"replica {replica} acknowledges {request} at op {reply.Op}, which holds another one");
        CheckBody(replica, request, reply);
        CheckCopies(replica, request, reply.Op);
    }

    /// <summary>A client hears that its request is done.</summary>
    public void Heard(ulong op, ulong heardBefore)
    {
        RuleBroken.Unless(op > heardBefore, Rule.RealTimeOrder, $"a request is at op {op}, and was made after op {heardBefore} was acknowledged");
        HeardOp = Math.Max(HeardOp, op);
    }

    private void CheckBody(int replica, string request, ClientReply reply)
    {
        var body = Checksum.Of(reply.Body.Span);
        var key = (reply.Client.Value, reply.Number);
        RuleBroken.Unless(_bodies.TryAdd(key, body) || _bodies[key] == body, Rule.ExactlyOnce, $"replica {replica} answers {request} otherwise than before");
        if (reply.Number > 0)
        {
            var isIts = RequestBody.Client(reply.Body.Span) == reply.Client && RequestBody.Number(reply.Body.Span) == reply.Number;
            RuleBroken.Unless(isIts, Rule.ExactlyOnce, $"replica {replica} answers {request} with the answer to another");
        }
    }

    // A copy that a fault took since counts: as many as the protocol survives may be gone.
    private void CheckCopies(int replica, string request, ulong op)
    {
        var copies = 0;
        foreach (var host in cluster.Hosts)
        {
            var disk = host.Disk;
            var isThere = op <= disk.LastOp && disk.Log[(int)op - 1].Checksum == cluster.Log[op].Checksum;
            copies += isThere || host.Promises.HasLostMemory ? 1 : 0;
        }

        RuleBroken.Unless(copies >= cluster.Plan.Quorum, Rule.Durability, $"replica {replica} acknowledges {request} at op {op}, which is on {copies} disks");
    }
}
