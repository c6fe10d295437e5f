using Dymes.Vsr.Sessions;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

/// <summary>A client that asks whichever replica it comes upon, and asks again until it is answered.</summary>
internal sealed class StormClient(ClientId id)
{
    private ClientRequest _request = ClientRequest.Register(id);
    private ulong _session;
    private ulong _seenBefore;

    public ClientId Id => id;

    public void Ask(TestGroup group, int replica) => group[replica].Step(live => live.Submit(_request, group.Clock));

    /// <summary>Takes an answer; the next request is made after all that was acknowledged by now, and must come after it in the log.</summary>
    public void Hear(ClientReply reply, ulong acknowledgedOp)
    {
        if (reply.Outcome == ReplyOutcome.Done && reply.Number == _request.Number)
        {
            Assert.True(reply.Op > _seenBefore, $"client {id} asked after op {_seenBefore} was acknowledged, and got op {reply.Op}");
            _seenBefore = acknowledgedOp;
            _session = _request.IsRegistration ? reply.Session : _session;
            _request = new ClientRequest(id, _session, _request.Number + 1, TestMachine.Body($"{id} {_request.Number + 1}"));
        }

        Assert.True(reply.Outcome is not (ReplyOutcome.SessionUnknown or ReplyOutcome.OutOfOrder), $"client {id} was told {reply.Outcome}");
    }
}
