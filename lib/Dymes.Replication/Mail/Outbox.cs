using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Mail;

/// <summary>
/// What is to go to one other member: it gathers until <see cref="Flush"/>, and while a packet is being sent, so that load makes larger packets, and is bounded: what does not fit is lost, as on
/// any network. Most packets are sent and forgotten; one in a few is answered by the other side, so that no more than a bounded number of bytes is on its way to one that is slow or gone.
/// Any thread adds and flushes; one at a time sends.
/// </summary>
/// <param name="send">
/// Sends a packet; it does not throw. False when it is known to be lost; true when it has left or, where the second says that its arrival is asked for, when the other side has it.
/// </param>
public sealed class Outbox(Func<ReadOnlyMemory<byte>, bool, Task<bool>> send)
{
    private const int PacketBytes = 256 << 10;
    private const int ForgottenPacketsMax = 7;
    private const int ForgottenBytesMax = PacketBytes;
    private const int AwaitedMax = 4;
    private const long WaitingBytesMax = 64L << 20;
    private readonly Lock _lock = new();
    private readonly Queue<object> _waiting = new();
    private long _waitingBytes;
    private int _forgottenPackets;
    private int _forgottenBytes;
    private int _awaited;
    private bool _isSending;

    /// <summary>How many messages, requests and answers were lost here: too many bytes waited, or the other side was gone.</summary>
    public long Lost { get; private set; }

    /// <summary>Adds a message.</summary>
    public void Add(VsrMessage message) => Add(message, MailPacket.SizeOf(message));

    /// <summary>Adds a request.</summary>
    public void Add(ClientRequest request) => Add(request, MailPacket.SizeOf(request));

    /// <summary>Adds an answer.</summary>
    public void Add(ClientReply reply) => Add(reply, MailPacket.SizeOf(reply));

    private void Add(object mail, int bytes)
    {
        lock (_lock)
        {
            if (_waitingBytes + bytes > WaitingBytesMax)
            {
                Lost++;
                return;
            }

            _waiting.Enqueue(mail);
            _waitingBytes += bytes;
        }
    }

    /// <summary>Sends what waits, as far as the other side keeps up; the rest leaves as it does.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || _awaited == AwaitedMax || _waiting.Count == 0)
            {
                return;
            }

            _isSending = true;
        }

        while (Take(out var mails, out var isAwaited) is { Length: > 0 } packet)
        {
            _ = FollowAsync(send(packet, isAwaited), mails, isAwaited);
        }
    }

    private async Task FollowAsync(Task<bool> arrival, int mails, bool isAwaited)
    {
        var hasLeft = await arrival.ConfigureAwait(false);
        if (hasLeft && !isAwaited)
        {
            return;
        }

        lock (_lock)
        {
            Lost += hasLeft ? 0 : mails;
            if (isAwaited)
            {
                _awaited--;
                if (!hasLeft)
                {
                    Clear(); // it would be old when the other side is there again
                }
            }
        }

        if (isAwaited)
        {
            Flush();
        }
    }

    private void Clear()
    {
        Lost += _waiting.Count;
        _waiting.Clear();
        _waitingBytes = 0;
    }

    private byte[] Take(out int count, out bool isAwaited)
    {
        var mails = new List<object>();
        var size = 0;
        lock (_lock)
        {
            while (_awaited < AwaitedMax && _waiting.TryPeek(out var next) && (size == 0 || size + SizeOf(next) <= PacketBytes))
            {
                mails.Add(_waiting.Dequeue());
                size += SizeOf(next);
            }

            _waitingBytes -= size;
            _isSending = size > 0;
            isAwaited = size > 0 && IsAnswerDue(size);
            _awaited += isAwaited ? 1 : 0;
        }

        count = mails.Count;
        var packet = size == 0 ? [] : GC.AllocateUninitializedArray<byte>(size);
        var rest = packet.AsSpan();
        foreach (var mail in mails)
        {
            rest = rest[Write(mail, rest)..];
        }

        return packet;
    }

    private bool IsAnswerDue(int size)
    {
        if (_forgottenPackets < ForgottenPacketsMax && _forgottenBytes + size <= ForgottenBytesMax)
        {
            _forgottenPackets++;
            _forgottenBytes += size;
            return false;
        }

        (_forgottenPackets, _forgottenBytes) = (0, 0);
        return true;
    }

    private static int SizeOf(object mail) => mail switch
    {
        VsrMessage message => MailPacket.SizeOf(message),
        ClientRequest request => MailPacket.SizeOf(request),
        _ => MailPacket.SizeOf((ClientReply)mail),
    };

    private static int Write(object mail, Span<byte> bytes) => mail switch
    {
        VsrMessage message => MailPacket.Write(message, bytes),
        ClientRequest request => MailPacket.Write(request, bytes),
        _ => MailPacket.Write((ClientReply)mail, bytes),
    };
}
