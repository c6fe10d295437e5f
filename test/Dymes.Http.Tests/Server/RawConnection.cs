using System.Net.Sockets;
using System.Text;

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

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(address.Host, address.Port);
        return new RawConnection(connection);
    }

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

    /// <summary>Reads until the server closes the connection.</summary>
    public async Task SeeEndAsync() => Assert.False(await SeeAsync("\u0001never\u0001"));

    /// <summary>Ends the connection as a client that crashes does.</summary>
    public void Break()
    {
        _connection.Client.LingerState = new LingerOption(true, 0);
        _connection.Close();
    }

    public void Dispose() => _connection.Dispose();
}
