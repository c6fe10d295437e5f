using Dymes.Replication.Mail;
using Dymes.Vsr;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Tests;

/// <summary>The ways between members: everything goes as bytes; ways can be cut, and lose some of what goes over them.</summary>
internal sealed class TestNetwork(int count)
{
    private readonly ReplicatedLog?[] _members = new ReplicatedLog?[count];
    private readonly bool[,] _cuts = new bool[count, count];
    private int _sent;

    /// <summary>One packet in so many is lost; 0: none.</summary>
    public int LosesOneIn { get; set; }

    public void Connect(int number, ReplicatedLog member) => Volatile.Write(ref _members[number], member);

    public void Disconnect(int number) => Volatile.Write(ref _members[number], null);

    public void Isolate(int number, bool isCut = true)
    {
        for (var other = 0; other < count; other++)
        {
            _cuts[number, other] = _cuts[other, number] = isCut;
        }
    }

    public void Heal() => Array.Clear(_cuts);

    public IReplicaTransport TransportOf(int number) => new Transport(this, number, count);

    private Task<bool> CarryAsync(int from, int to, ReadOnlyMemory<byte> packet)
    {
        var isLost = LosesOneIn > 0 && Interlocked.Increment(ref _sent) % LosesOneIn == 0;
        if (!_cuts[from, to] && !isLost && Volatile.Read(ref _members[to]) is { } member)
        {
            Assert.True(MailPacket.Deliver(packet, member));
        }

        return Task.FromResult(true);
    }

    private sealed class Transport : IReplicaTransport
    {
        private readonly Outbox[] _boxes;

        public Transport(TestNetwork network, int from, int count) =>
            _boxes = [.. Enumerable.Range(0, count).Select(to => new Outbox((packet, _) => network.CarryAsync(from, to, packet)))];

        public void Send(ReplicaNumber to, VsrMessage message) => _boxes[to.Value].Add(message);

        public void Send(ReplicaNumber to, ClientRequest request) => _boxes[to.Value].Add(request);

        public void Send(ReplicaNumber to, ClientReply reply) => _boxes[to.Value].Add(reply);

        public void Flush()
        {
            foreach (var box in _boxes)
            {
                box.Flush();
            }
        }
    }
}
