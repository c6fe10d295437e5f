using System.Buffers.Binary;
using System.Buffers.Text;
using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>
/// A place in an answer, behind the message last given. It holds nothing of a process, so it outlives restarts and moves between nodes. The default is the start.
/// </summary>
/// <param name="Ordinal">The position in the log of the message last given; in a query by ids, how many ids were used up.</param>
/// <param name="Id">The id of the message last given.</param>
public readonly record struct QueryPosition(ulong Ordinal, MessageId Id)
{
    private const int TokenBytes = 1 + 8 + MessageId.SizeBytes + 4;
    private const byte TokenVersion = 1;

    /// <summary>Whether nothing was given yet; the log's first message has ordinal 0 too, but an id.</summary>
    public bool IsStart => Ordinal == 0 && Id.IsNone;

    /// <summary>The position as an opaque text for clients, tied to its query.</summary>
    public string ToToken(MessageQuery query)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        token[0] = TokenVersion;
        BinaryPrimitives.WriteUInt64LittleEndian(token[1..], Ordinal);
        Id.Write(token[9..]);
        BinaryPrimitives.WriteUInt32LittleEndian(token[25..], Fingerprint(token[..25], query));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Reads a token of the same query; its limit and own position do not count.</summary>
    /// <returns>False where the text is no token, is damaged, or belongs to another query.</returns>
    public static bool TryParseToken(ReadOnlySpan<char> text, MessageQuery query, out QueryPosition position)
    {
        position = default;
        Span<byte> token = stackalloc byte[TokenBytes];
        if (text.Length != Base64Url.GetEncodedLength(TokenBytes)
            || !Base64Url.IsValid(text, out var decoded) || decoded != TokenBytes
            || !Base64Url.TryDecodeFromChars(text, token, out _)
            || token[0] != TokenVersion
            || BinaryPrimitives.ReadUInt32LittleEndian(token[25..]) != Fingerprint(token[..25], query))
        {
            return false;
        }

        position = new QueryPosition(BinaryPrimitives.ReadUInt64LittleEndian(token[1..]), MessageId.Read(token[9..]));
        return true;
    }

    private static uint Fingerprint(ReadOnlySpan<byte> token, MessageQuery query)
    {
        var identity = QueryIdentity.Of(query);
        var bytes = new byte[token.Length + identity.Length];
        token.CopyTo(bytes);
        identity.CopyTo(bytes.AsSpan(token.Length));
        return (uint)Checksum.Of(bytes);
    }
}
