using System.Buffers.Binary;
using System.Text;

namespace Dymes.Message.Log;

/// <summary>The bytes that tell one query from another: equal for equal questions in every process and version. Limit and position do not count.</summary>
internal static class QueryIdentity
{
    public static byte[] Of(MessageQuery query)
    {
        using var bytes = new MemoryStream();
        WriteSelection(bytes, query.Selection);
        Write(bytes, query.Bounds.FromLsn.Value);
        Write(bytes, query.Bounds.ToLsn.Value);
        Write(bytes, query.Bounds.FromId.Value);
        Write(bytes, query.Bounds.ToId.Value);
        bytes.WriteByte((byte)query.Order);
        foreach (var filter in query.Filters)
        {
            WriteFilter(bytes, filter);
        }

        return bytes.ToArray();
    }

    private static void WriteSelection(MemoryStream bytes, MessageSelection selection)
    {
        switch (selection)
        {
            case LogSelection:
                bytes.WriteByte(1);
                break;
            case TimeSelection:
                bytes.WriteByte(2);
                break;
            case ChannelSelection channel:
                bytes.WriteByte(3);
                Write(bytes, channel.Channel.Value);
                break;
            case IdsSelection ids:
                bytes.WriteByte(4);
                foreach (var id in ids.Ids)
                {
                    Write(bytes, id.Value);
                }

                break;
            case AncestorsSelection ancestors:
                bytes.WriteByte(5);
                Write(bytes, ancestors.Id.Value);
                break;
            case DescendantsSelection descendants:
                bytes.WriteByte(6);
                Write(bytes, descendants.Id.Value);
                break;
        }
    }

    private static void WriteFilter(MemoryStream bytes, MessageFilter filter)
    {
        switch (filter)
        {
            case ChannelFilter channel:
                bytes.WriteByte(1);
                Write(bytes, channel.Channel.Value);
                break;
            case WideningFilter widening:
                bytes.WriteByte(2);
                Write(bytes, widening.Mask);
                break;
            case NarrowingFilter narrowing:
                bytes.WriteByte(3);
                Write(bytes, narrowing.Mask);
                Write(bytes, narrowing.Comparison);
                break;
            case KvFilter kv:
                bytes.WriteByte((byte)(4 + kv.Relation));
                Write(bytes, kv.Key);
                Write(bytes, kv.Value);
                break;
        }
    }

    private static void Write(MemoryStream bytes, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Write(bytes, (ulong)utf8.Length);
        bytes.Write(utf8);
    }

    private static void Write(MemoryStream bytes, ulong number)
    {
        Span<byte> buffer = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, number);
        bytes.Write(buffer);
    }

    private static void Write(MemoryStream bytes, UInt128 number)
    {
        Write(bytes, (ulong)(number >> 64));
        Write(bytes, (ulong)number);
    }
}
