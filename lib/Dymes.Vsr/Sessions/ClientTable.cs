using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.Vsr.Sessions;

/// <summary>
/// The sessions as of an op: part of the replicated state, the same on every replica that applied the same entries (VRR 4.1: the client table, without the replies, which are derived
/// from the log). Bounded: where it is full, the session whose last request is oldest makes way.
/// </summary>
public sealed class ClientTable
{
    private const int HeaderBytes = 32;
    private const int SessionBytes = 48;
    private readonly Dictionary<ClientId, int> _places = []; // never enumerated: its order differs between processes
    private readonly List<ClientSession> _sessions = [];
    private readonly int _sessionsMax;

    /// <summary>A table without sessions, as of op 0.</summary>
    /// <param name="sessionsMax">How many are remembered; the same on every replica.</param>
    public ClientTable(int sessionsMax = VsrLimits.SessionsMax) => _sessionsMax = sessionsMax;

    /// <summary>The op of the last entry that the table has seen.</summary>
    public ulong Op { get; private set; }

    /// <summary>The number of sessions.</summary>
    public int Count => _sessions.Count;

    /// <summary>Reads a table that <see cref="Save"/> wrote; null where the bytes are not one.</summary>
    /// <param name="bytes">What was written.</param>
    /// <param name="sessionsMax">As in the constructor.</param>
    public static ClientTable? TryLoad(ReadOnlySpan<byte> bytes, int sessionsMax = VsrLimits.SessionsMax)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt128LittleEndian(bytes) != Checksum.Of(bytes[16..]))
        {
            return null;
        }

        var count = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        if (count > (ulong)sessionsMax || (ulong)bytes.Length != HeaderBytes + (count * SessionBytes))
        {
            return null;
        }

        var table = new ClientTable(sessionsMax) { Op = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) };
        for (var at = HeaderBytes; at < bytes.Length; at += SessionBytes)
        {
            table.Add(new ClientSession(
                new ClientId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[at..])),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 16)..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 24)..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 32)..])));
        }

        return table;
    }

    /// <summary>Takes note of a committed entry; in the order of ops, each once.</summary>
    public void Apply(in EntryHeader header)
    {
        InvariantViolation.Assert(header.Op == Op + 1, "sessions follow the committed entries in order");
        Op = header.Op;
        var client = new ClientId(header.ClientId);
        var isKnown = _places.TryGetValue(client, out var place);
        if (header.Kind == EntryKind.Registration && !isKnown)
        {
            if (_sessions.Count == _sessionsMax)
            {
                Remove(OldestPlace());
            }

            Add(new ClientSession(client, header.Op, 0, header.Op));
        }
        else if (isKnown)
        {
            _sessions[place] = _sessions[place] with { LastNumber = header.RequestNumber, LastOp = header.Op };
        }
    }

    /// <summary>The session of a client.</summary>
    public bool TryFind(ClientId client, out ClientSession session)
    {
        var isKnown = _places.TryGetValue(client, out var place);
        session = isKnown ? _sessions[place] : default;
        return isKnown;
    }

    /// <summary>The table as bytes, the same on every replica: a host stores them now and then, so that a start need not read the whole log.</summary>
    public byte[] Save()
    {
        var bytes = new byte[HeaderBytes + (_sessions.Count * SessionBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Op);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), (ulong)_sessions.Count);
        var at = HeaderBytes;
        foreach (var session in _sessions)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(at), session.Client.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 16), session.Session);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 24), session.LastNumber);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 32), session.LastOp);
            at += SessionBytes;
        }

        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes.AsSpan(16)));
        return bytes;
    }

    private void Add(ClientSession session)
    {
        _places[session.Client] = _sessions.Count;
        _sessions.Add(session);
    }

    private int OldestPlace()
    {
        var oldest = 0;
        for (var i = 1; i < _sessions.Count; i++)
        {
            if (_sessions[i].LastOp < _sessions[oldest].LastOp)
            {
                oldest = i;
            }
        }

        return oldest;
    }

    // The last one takes the place, so that the order depends on the entries alone.
    private void Remove(int place)
    {
        _places.Remove(_sessions[place].Client);
        var last = _sessions.Count - 1;
        if (place != last)
        {
            _sessions[place] = _sessions[last];
            _places[_sessions[place].Client] = place;
        }

        _sessions.RemoveAt(last);
    }
}
