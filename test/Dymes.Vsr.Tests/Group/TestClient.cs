using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Tests.Group;

/// <summary>A client with a session.</summary>
internal sealed class TestClient(TestGroup group, ulong id)
{
    private ulong _session;

    public ClientId Id { get; } = new(id);

    public ulong LastNumber { get; private set; }

    /// <summary>Begins the session, and waits for it.</summary>
    public TestClient Register()
    {
        Submit(ClientRequest.Register(Id));
        group.RunUntil(() => ReplyTo(0) is not null);
        _session = ReplyTo(0)!.Session;
        return this;
    }

    /// <summary>Sends the next request, to the primary or to a replica that may be it; does not wait.</summary>
    public ClientRequest Send(string text, int? to = null)
    {
        var request = new ClientRequest(Id, _session, ++LastNumber, TestMachine.Body(text));
        Submit(request, to);
        return request;
    }

    /// <summary>Sends the next request, and waits until it is done.</summary>
    public ClientReply Append(string text)
    {
        var number = Send(text).Number;
        group.RunUntil(() => ReplyTo(number) is not null);
        return ReplyTo(number)!;
    }

    /// <summary>Sends a request, for the first time or again.</summary>
    public void Submit(ClientRequest request, int? to = null) =>
        (to is { } number ? group[number] : group.Primary).Step(replica => replica.Submit(request, group.Clock));

    public ClientReply? ReplyTo(ulong number) => group.Replies.FindLast(reply => reply.Client == Id && reply.Number == number && reply.Outcome == ReplyOutcome.Done);
}
