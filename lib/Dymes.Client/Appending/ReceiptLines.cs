using System.Buffers;
using Dymes.Common;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Client.Appending;

/// <summary>Reads the answer to an append: one line of JSON a message, in order.</summary>
internal static class ReceiptLines
{
    private const int FirstBufferBytes = 4096;

    /// <exception cref="IOException">The answer ends too early or has too many lines: the outcome of the request is not known.</exception>
    public static async ValueTask<AppendReceipt[]> ReadAsync(Stream body, int count, CancellationToken cancellationToken)
    {
        var receipts = new AppendReceipt[count];
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        var filled = 0;
        var found = 0;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                filled += read;
                var used = Take(buffer.AsSpan(0, filled), receipts, ref found, isLast: read == 0);
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                if (read == 0)
                {
                    return found == count ? receipts : throw new IOException($"The answer has {found} receipts instead of {count}.");
                }

                buffer = filled == buffer.Length ? Enlarged(buffer) : buffer;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Take(ReadOnlySpan<byte> bytes, AppendReceipt[] receipts, ref int found, bool isLast)
    {
        var used = 0;
        while (used < bytes.Length)
        {
            var rest = bytes[used..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !isLast)
            {
                break;
            }

            var line = end < 0 ? rest : rest[..end];
            used += end < 0 ? rest.Length : end + 1;
            if (line.ContainsAnyExcept((byte)' ', (byte)'\r'))
            {
                receipts[found < receipts.Length ? found : throw new IOException($"The answer has more than {receipts.Length} receipts.")] = Read(line);
                found++;
            }
        }

        return used;
    }

    private static AppendReceipt Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return AppendReceiptJson.Read(line);
        }
        catch (DymesException problem)
        {
            throw new IOException($"The answer is damaged: {problem.Message}", problem);
        }
    }

    private static byte[] Enlarged(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
