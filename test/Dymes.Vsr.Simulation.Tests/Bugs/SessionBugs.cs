using System.Buffers.Binary;
using Dymes.Common;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>Runs a request that is sent again once more.</summary>
internal sealed class SkipsTheSessionCheck : Sabotage
{
    public override ClientRequest Hears(SimulatedHost host, ClientRequest request) =>
        host.Running!.Sessions.TryFind(request.Client, out var session) && request.Number == session.LastNumber && request.Number > 0
            ? new ClientRequest(request.Client, request.Session, request.Number + 1, request.Body)
            : request;
}

/// <summary>Answers with what it answered the last time.</summary>
internal sealed class AnswersWithAnOldReply : Sabotage
{
    private readonly Dictionary<ClientId, ReadOnlyMemory<byte>> _last = [];

    public override ClientReply Replies(SimulatedHost host, ClientReply reply)
    {
        if (reply.Outcome != ReplyOutcome.Done || reply.Number == 0)
        {
            return reply;
        }

        var said = _last.TryGetValue(reply.Client, out var body) ? reply with { Body = body } : reply;
        _last[reply.Client] = reply.Body;
        return said;
    }
}

/// <summary>Comes up without sessions.</summary>
internal sealed class ForgetsSessions : Sabotage
{
    public override ClientTable Remembers(ClientTable sessions)
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), sessions.Op);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes.AsSpan(16)));
        return ClientTable.TryLoad(bytes)!;
    }
}

/// <summary>Gives ids by the clock alone.</summary>
internal sealed class GivesIdsByTheClock : Sabotage
{
    public override IStateMachine Uses(StampingMachine machine) => new ClockedMachine(machine);
}
