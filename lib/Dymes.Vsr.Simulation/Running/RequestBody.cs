using System.Buffers.Binary;

namespace Dymes.Vsr.Simulation.Running;

/// <summary>
/// What clients ask for, and what becomes of it in the log: the client and the number once more, so that a mistaken header shows; how many messages; and, once a primary has stamped
/// it, their ids.
/// </summary>
internal static class RequestBody
{
    private const int HeadBytes = 32;
    private const int IdBytes = 16;

    public static byte[] Ask(ClientId client, ulong number, int messages)
    {
        var body = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(body, client.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(16), number);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(24), messages);
        return body;
    }

    public static byte[] Stamp(ReadOnlySpan<byte> asked, Func<UInt128> nextId)
    {
        var count = MessageCount(asked);
        var body = new byte[HeadBytes + (count * IdBytes)];
        asked[..HeadBytes].CopyTo(body);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(body.AsSpan(HeadBytes + (i * IdBytes)), nextId());
        }

        return body;
    }

    public static ClientId Client(ReadOnlySpan<byte> body) => new(BinaryPrimitives.ReadUInt128LittleEndian(body));

    public static ulong Number(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt64LittleEndian(body[16..]);

    public static int MessageCount(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt32LittleEndian(body[24..]);

    public static UInt128 Id(ReadOnlySpan<byte> body, int place) => BinaryPrimitives.ReadUInt128LittleEndian(body[(HeadBytes + (place * IdBytes))..]);

    /// <summary>The last id of an entry's body; null where it has none.</summary>
    public static UInt128? LastId(ReadOnlySpan<byte> body) => body.Length > HeadBytes ? BinaryPrimitives.ReadUInt128LittleEndian(body[^IdBytes..]) : null;
}
