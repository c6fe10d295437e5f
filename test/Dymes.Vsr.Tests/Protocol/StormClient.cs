using Dymes.Vsr.Sessions;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

/// <summary>A client that asks whichever replica it comes upon, and asks again until it is answered.</summary>
internal sealed class StormClient(ClientId id)
{
    private ClientRequest _request = ClientRequest.Register(id);
    private ulong _session;

    public ClientId Id => id;

    public void Ask(TestGroup group, int replica) => group[replica].Step(live => live.Submit(_request, group.Clock));

    public void Hear(ClientReply reply)
    {
        if (reply.Outcome == ReplyOutcome.Done && reply.Number == _request.Number)
        {
            _session = _request.IsRegistration ? reply.Session : _session;
            _request = new ClientRequest(id, _session, _request.Number + 1, TestMachine.Body($"{id} {_request.Number + 1}"));
        }

        Assert.True(reply.Outcome is not (ReplyOutcome.SessionUnknown or ReplyOutcome.OutOfOrder), $"client {id} was told {reply.Outcome}");
    }
}
