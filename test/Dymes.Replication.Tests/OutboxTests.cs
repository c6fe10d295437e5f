using Dymes.Replication.Mail;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Tests;

public sealed class OutboxTests
{
    private const int BodyBytes = 100 << 10;
    private const int MailsPerPacket = 2; // of such bodies
    private readonly List<int> _packets = [];
    private readonly List<TaskCompletionSource<bool>> _arrivals = [];
    private readonly Outbox _box;
    private bool _isThere = true;

    public OutboxTests() => _box = new Outbox(Send);

    [Fact]
    public void What_is_added_leaves_together_when_it_is_flushed()
    {
        Add(10, bodyBytes: 0);
        Assert.Empty(_packets);
        _box.Flush();
        _box.Flush();
        Assert.Single(_packets);
    }

    [Fact]
    public void Small_packets_are_forgotten_but_for_one_in_eight()
    {
        for (var packet = 1; packet <= 16; packet++)
        {
            Add(1, bodyBytes: 0);
            _box.Flush();
            Assert.Equal((packet, packet / 8), (_packets.Count, _arrivals.Count));
        }
    }

    [Fact]
    public void What_is_on_its_way_to_a_member_that_does_not_answer_is_bounded()
    {
        Add(100, BodyBytes);
        _box.Flush();
        Assert.InRange(_packets.Sum(), 1 << 20, 2 << 20);
        Assert.Equal(4, _arrivals.Count);

        for (var answered = 0; answered < _arrivals.Count; answered++) // and all of it leaves as the other side answers
        {
            _arrivals[answered].SetResult(true);
        }

        Assert.InRange(_packets.Sum(), 100 * BodyBytes, 101 * BodyBytes);
        Assert.Equal(0, _box.Lost);
    }

    [Fact]
    public void What_waits_for_a_member_that_is_gone_is_lost_and_what_comes_later_is_tried()
    {
        Add(100, BodyBytes);
        _box.Flush();
        var (packets, left) = (_packets.Count, _packets.Sum() / BodyBytes);
        _arrivals[0].SetResult(false);
        Assert.Equal((packets, 100 - left + MailsPerPacket), (_packets.Count, _box.Lost));

        Add(1, bodyBytes: 0);
        _box.Flush();
        Assert.Equal(packets + 1, _packets.Count);
    }

    [Fact]
    public void What_nobody_asks_after_is_counted_where_it_cannot_even_leave()
    {
        _isThere = false;
        Add(3, bodyBytes: 0);
        _box.Flush();
        Add(1, bodyBytes: 0);
        _box.Flush();
        Assert.Equal((2, 0, 4), (_packets.Count, _arrivals.Count, _box.Lost));
    }

    [Fact]
    public void More_than_may_wait_is_lost()
    {
        Add(700, BodyBytes);
        Assert.InRange(_box.Lost, 1, 100);
    }

    private void Add(int mails, int bodyBytes)
    {
        for (var mail = 0; mail < mails; mail++)
        {
            _box.Add(new ClientRequest(new ClientId(1), 1, 1, new byte[bodyBytes]));
        }
    }

    private Task<bool> Send(ReadOnlyMemory<byte> packet, bool isAwaited)
    {
        _packets.Add(packet.Length);
        if (!isAwaited)
        {
            return Task.FromResult(_isThere);
        }

        var arrival = new TaskCompletionSource<bool>();
        _arrivals.Add(arrival);
        return arrival.Task;
    }
}
