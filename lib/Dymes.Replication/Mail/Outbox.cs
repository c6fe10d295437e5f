using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Mail;

/// <summary>
/// What is to go to one other member: it gathers while packets are under way, so that load makes larger packets, and is bounded: what does not fit is lost, as on any network. Any thread
/// adds; a packet is taken and sent on threads of the pool.
/// </summary>
/// <param name="send">Sends a packet; true when the other side has it, false when it is lost. It does not throw.</param>
public sealed class Outbox(Func<ReadOnlyMemory<byte>, Task<bool>> send)
{
    private const int PacketBytes = 256 << 10;
    private const int PacketsUnderWayMax = 4;
    private const long WaitingBytesMax = 64L << 20;
    private readonly Lock _lock = new();
    private readonly Queue<object> _waiting = new();
    private long _waitingBytes;
    private int _underWay;

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
            if (_underWay == PacketsUnderWayMax)
            {
                return;
            }

            _underWay++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static box => _ = box.SendAllAsync(), this, preferLocal: false);
    }

    private async Task SendAllAsync()
    {
        while (Take() is { Length: > 0 } packet)
        {
            if (!await send(packet).ConfigureAwait(false))
            {
                Clear(); // it would be old when the other side is there again
            }
        }
    }

    private void Clear()
    {
        lock (_lock)
        {
            Lost += _waiting.Count;
            _waiting.Clear();
            _waitingBytes = 0;
        }
    }

    private byte[] Take()
    {
        var mails = new List<object>();
        var size = 0;
        lock (_lock)
        {
            while (_waiting.TryPeek(out var next) && (size == 0 || size + SizeOf(next) <= PacketBytes))
            {
                mails.Add(_waiting.Dequeue());
                size += SizeOf(next);
            }

            _waitingBytes -= size;
            if (size == 0)
            {
                _underWay--;
            }
        }

        var packet = size == 0 ? [] : GC.AllocateUninitializedArray<byte>(size);
        var rest = packet.AsSpan();
        foreach (var mail in mails)
        {
            rest = rest[Write(mail, rest)..];
        }

        return packet;
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
