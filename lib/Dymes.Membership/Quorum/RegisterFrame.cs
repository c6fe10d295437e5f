using System.Buffers.Binary;
using Dymes.Common;

namespace Dymes.Membership.Quorum;

/// <summary>How a document of the register stands in a file and travels: four letters, its length, its checksum, itself. Little-endian.</summary>
internal static class RegisterFrame
{
    /// <summary>The size of what stands before a document.</summary>
    public const int HeaderBytes = 4 + sizeof(uint) + Checksum.SizeBytes;

    /// <summary>The most bytes of a document: a table of <see cref="Tables.MemberTable.RowsMax"/> rows takes a hundred KiB.</summary>
    public const int DocumentBytesMax = 256 * 1024;

    /// <summary>The first four bytes. As the length of the greeting that Orleans begins a connection with they would be too great, so one port serves both.</summary>
    public static ReadOnlySpan<byte> Letters => "DYMR"u8;

    /// <summary>The frame of a document.</summary>
    /// <exception cref="InvalidDataException">It is too large.</exception>
    public static byte[] Of(ReadOnlySpan<byte> document)
    {
        if (document.Length > DocumentBytesMax)
        {
            throw new InvalidDataException($"The membership table takes {document.Length} bytes; it must take {DocumentBytesMax} at most.");
        }

        var frame = new byte[HeaderBytes + document.Length];
        Letters.CopyTo(frame);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), (uint)document.Length);
        BinaryPrimitives.WriteUInt128LittleEndian(frame.AsSpan(8), Checksum.Of(document));
        document.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>The document in a frame.</summary>
    /// <param name="header">The header.</param>
    /// <param name="read">Fills a buffer with what follows.</param>
    /// <exception cref="InvalidDataException">It is no frame, or damaged.</exception>
    public static async ValueTask<byte[]> OpenAsync(ReadOnlyMemory<byte> header, Func<Memory<byte>, ValueTask> read)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header.Span[4..]);
        if (!header.Span.StartsWith(Letters) || length > DocumentBytesMax)
        {
            throw new InvalidDataException("it does not begin as a document of the membership table does");
        }

        var document = new byte[length];
        await read(document).ConfigureAwait(false);
        return Checksum.Of(document) == BinaryPrimitives.ReadUInt128LittleEndian(header.Span[8..]) ? document : throw new InvalidDataException("its checksum is not that of its document");
    }

    /// <summary>Reads a frame from a connection.</summary>
    /// <exception cref="InvalidDataException">What comes is no frame, or damaged.</exception>
    /// <exception cref="EndOfStreamException">The connection ends too early.</exception>
    public static async ValueTask<byte[]> ReadAsync(Stream connection, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        await connection.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(header, document => connection.ReadExactlyAsync(document, cancellationToken)).ConfigureAwait(false);
    }
}
