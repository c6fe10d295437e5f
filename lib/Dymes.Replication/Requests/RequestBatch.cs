using System.Buffers.Binary;
using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Replication.Requests;

/// <summary>
/// Append requests that travel together as the body of one client request of the group, and become one entry: little-endian, with a checksum, each part a multiple of 16 bytes. Each
/// request stands for itself, as if it had come alone.
/// </summary>
internal static class RequestBatch
{
    private const uint Version = 1;
    private const int HeadBytes = 32;
    private const int RequestHeadBytes = 32;
    private const int ConditionBytes = 16;
    private const uint Atomic = 1;
    private const uint MissingParents = 2;

    /// <summary>The bytes that a request takes in a batch.</summary>
    public static int SizeOf(AppendRequest request) => RequestHeadBytes + (request.Conditions.Count * ConditionBytes) + PaddedKeyBytes(request) + request.Frames.Length;

    /// <summary>Writes requests back to back.</summary>
    public static byte[] Write(IReadOnlyList<AppendRequest> requests)
    {
        var size = HeadBytes;
        foreach (var request in requests)
        {
            size += SizeOf(request);
        }

        var bytes = new byte[size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), (uint)requests.Count);
        var rest = bytes.AsSpan(HeadBytes);
        foreach (var request in requests)
        {
            rest = rest[Write(request, rest)..];
        }

        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Checksum.Of(bytes.AsSpan(16)));
        return bytes;
    }

    /// <summary>Reads what <see cref="Write(IReadOnlyList{AppendRequest})"/> wrote; null where the bytes are damaged or not such. Frames are not copied.</summary>
    public static IReadOnlyList<AppendRequest>? TryRead(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < HeadBytes || BinaryPrimitives.ReadUInt128LittleEndian(span) != Checksum.Of(span[16..]) || BinaryPrimitives.ReadUInt32LittleEndian(span[16..]) != Version)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(span[20..]);
        if (count > (uint)(bytes.Length / RequestHeadBytes))
        {
            return null;
        }

        var requests = new AppendRequest[count];
        var rest = bytes[HeadBytes..];
        for (var i = 0; i < requests.Length; i++)
        {
            if (TryRead(ref rest) is not { } request)
            {
                return null;
            }

            requests[i] = request;
        }

        return rest.IsEmpty ? requests : null;
    }

    private static int Write(AppendRequest request, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)request.Frames.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)request.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], (request.IsAtomic ? Atomic : 0) | (request.AllowsMissingParents ? MissingParents : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], (uint)request.Conditions.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], (uint)KeyBytes(request));
        var at = RequestHeadBytes;
        foreach (var condition in request.Conditions)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], (ulong)condition.MessageIndex);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(at + 8)..], condition.ExpectedVersion);
            at += ConditionBytes;
        }

        if (request.IdempotencyKey is { } key)
        {
            Encoding.UTF8.GetBytes(key, bytes[at..]);
            at += PaddedKeyBytes(request);
        }

        request.Frames.Span.CopyTo(bytes[at..]);
        return at + request.Frames.Length;
    }

    private static AppendRequest? TryRead(ref ReadOnlyMemory<byte> rest)
    {
        var bytes = rest.Span;
        if (bytes.Length < RequestHeadBytes)
        {
            return null;
        }

        var framesBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        var conditionCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        if (framesBytes > MessageLimits.RequestBytesMax || count is 0 or > MessageLimits.RequestMessagesMax || conditionCount > count || keyBytes > MessageLimits.IdempotencyKeyBytesMax)
        {
            return null;
        }

        var keyAt = RequestHeadBytes + ((int)conditionCount * ConditionBytes);
        var framesAt = keyAt + Pad((int)keyBytes);
        if (bytes.Length < framesAt + (int)framesBytes)
        {
            return null;
        }

        var conditions = conditionCount == 0 ? [] : new VersionCondition[conditionCount];
        for (var i = 0; i < conditions.Length; i++)
        {
            var condition = bytes[(RequestHeadBytes + (i * ConditionBytes))..];
            conditions[i] = new VersionCondition((int)BinaryPrimitives.ReadUInt64LittleEndian(condition), BinaryPrimitives.ReadUInt64LittleEndian(condition[8..]));
        }

        var request = new AppendRequest
        {
            Frames = rest.Slice(framesAt, (int)framesBytes),
            Count = (int)count,
            IsAtomic = (flags & Atomic) != 0,
            AllowsMissingParents = (flags & MissingParents) != 0,
            Conditions = conditions,
            IdempotencyKey = keyBytes == 0 ? null : Encoding.UTF8.GetString(bytes.Slice(keyAt, (int)keyBytes)),
        };
        rest = rest[(framesAt + (int)framesBytes)..];
        return request;
    }

    private static int KeyBytes(AppendRequest request) => request.IdempotencyKey is { } key ? Encoding.UTF8.GetByteCount(key) : 0;

    private static int PaddedKeyBytes(AppendRequest request) => Pad(KeyBytes(request));

    private static int Pad(int bytes) => (bytes + MessageLimits.AlignmentBytes - 1) / MessageLimits.AlignmentBytes * MessageLimits.AlignmentBytes;
}
