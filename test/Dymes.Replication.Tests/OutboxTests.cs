using Dymes.Replication.Mail;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Tests;

public sealed class OutboxTests
{
    private const int BodyBytes = 100 << 10;
    private readonly Lock _lock = new();
    private readonly List<(int Bytes, TaskCompletionSource<bool>? Answer)> _sent = [];

    [Fact]
    public async Task Small_packets_are_forgotten_but_for_one_in_eight()
    {
        var box = new Outbox(SendAsync);
        for (var packet = 1; packet <= 16; packet++)
        {
            box.Add(Mail(0));
            await UntilAsync(() => Packets == packet);
        }

        Assert.Equal([7, 15], Awaited().Select(one => one.Index));
    }

    [Fact]
    public async Task What_is_on_its_way_to_a_member_that_does_not_answer_is_bounded()
    {
        var box = new Outbox(SendAsync);
        for (var mail = 0; mail < 100; mail++)
        {
            box.Add(Mail(BodyBytes));
        }

        await UntilAsync(() => Awaited().Count == 4);
        var (packets, bytes) = (Packets, Bytes);
        box.Add(Mail(0)); // nothing leaves any more
        Assert.Equal((packets, 0), (Packets, box.Lost));
        Assert.InRange(bytes, 1 << 20, 2 << 20);

        while (Bytes < 100 * BodyBytes) // and all of it leaves when the other side is there
        {
            Awaited().ForEach(one => one.Answer.TrySetResult(true));
            await UntilAsync(() => Bytes >= 100 * BodyBytes || Awaited().Exists(one => !one.Answer.Task.IsCompleted));
        }

        Assert.Equal(0, box.Lost);
    }

    [Fact]
    public async Task What_waits_for_a_member_that_is_gone_is_lost()
    {
        var box = new Outbox(SendAsync);
        for (var mail = 0; mail < 100; mail++)
        {
            box.Add(Mail(BodyBytes));
        }

        await UntilAsync(() => Awaited().Count == 4);
        var (packets, left) = (Packets, Bytes / BodyBytes);
        Awaited()[0].Answer.SetResult(false);
        await UntilAsync(() => box.Lost == 100 - left);

        box.Add(Mail(0)); // and what is said after that leaves
        await UntilAsync(() => Packets > packets);
    }

    private int Packets { get { lock (_lock) { return _sent.Count; } } }

    private int Bytes { get { lock (_lock) { return _sent.Sum(one => one.Bytes); } } }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static ClientRequest Mail(int bodyBytes) => new(new ClientId(1), 1, 1, new byte[bodyBytes]);

    private List<(int Index, TaskCompletionSource<bool> Answer)> Awaited()
    {
        lock (_lock)
        {
            return [.. _sent.Index().Where(one => one.Item.Answer is not null).Select(one => (one.Index, one.Item.Answer!))];
        }
    }

    private Task<bool> SendAsync(ReadOnlyMemory<byte> packet, bool isAwaited)
    {
        var answer = isAwaited ? new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        lock (_lock)
        {
            _sent.Add((packet.Length, answer));
        }

        return answer?.Task ?? Task.FromResult(true);
    }
}
