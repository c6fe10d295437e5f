using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Dymes.Http.Tests.Server;

/// <summary>A connection on which a test says whatever it likes, byte by byte.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TcpClient _connection;
    private readonly NetworkStream _stream;
    private readonly StringBuilder _seen = new();

    private RawConnection(TcpClient connection)
    {
        _connection = connection;
        _stream = connection.GetStream();
    }

    public string Seen => _seen.ToString();

    /// <summary>Connects.</summary>
    /// <param name="address">The server's.</param>
    /// <param name="receiveBytes">How much the client's side holds that it has not read; 0: as the system likes.</param>
    public static async Task<RawConnection> OpenAsync(Uri address, int receiveBytes = 0)
    {
        var connection = new TcpClient { NoDelay = true };
        if (receiveBytes > 0)
        {
            connection.ReceiveBufferSize = receiveBytes;
        }

        await connection.ConnectAsync(address.Host, address.Port);
        return new RawConnection(connection);
    }

    /// <summary>What was seen so far counts no more.</summary>
    public void Forget() => _seen.Clear();

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(Deadline);

    /// <summary>Reads until the text has come; false where the connection ends before.</summary>
    public async Task<bool> SeeAsync(string text)
    {
        var buffer = new byte[16 * 1024];
        while (!Seen.Contains(text, StringComparison.Ordinal))
        {
            int count;
            try
            {
                count = await _stream.ReadAsync(buffer).AsTask().WaitAsync(Deadline);
            }
            catch (IOException)
            {
                return false;
            }

            if (count == 0)
            {
                return false;
            }

            _seen.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return true;
    }

    /// <summary>Reads an answer to the end of the connection, and gives its lines of JSON.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadLinesAsync()
    {
        var all = new MemoryStream();
        await _stream.CopyToAsync(all).WaitAsync(Deadline);
        var bytes = all.ToArray();
        var head = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.StartsWith("HTTP/1.1 200 OK", Encoding.ASCII.GetString(bytes, 0, head), StringComparison.Ordinal);
        return [.. Lines(Unchunked(bytes.AsMemory(head + 4)))];
    }

    /// <summary>Reads until the server closes the connection.</summary>
    public async Task SeeEndAsync() => Assert.False(await SeeAsync("\u0001never\u0001"));

    /// <summary>Ends the connection as a client that crashes does.</summary>
    public void Break()
    {
        _connection.Client.LingerState = new LingerOption(true, 0);
        _connection.Close();
    }

    public void Dispose() => _connection.Dispose();

    private static MemoryStream Unchunked(ReadOnlyMemory<byte> chunks)
    {
        var body = new MemoryStream();
        while (true)
        {
            var end = chunks.Span.IndexOf("\r\n"u8);
            var size = int.Parse(chunks.Span[..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return body;
            }

            body.Write(chunks.Span.Slice(end + 2, size));
            chunks = chunks[(end + 2 + size + 2)..];
        }
    }

    private static IEnumerable<JsonElement> Lines(MemoryStream body)
    {
        body.Position = 0;
        using var lines = new StreamReader(body);
        while (lines.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
