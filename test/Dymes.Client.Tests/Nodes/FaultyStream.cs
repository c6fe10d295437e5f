namespace Dymes.Client.Tests.Nodes;

/// <summary>An answer's bytes, up to the place where they go wrong.</summary>
internal sealed class FaultyStream(Stream inner, int goodBytes, bool flips) : Stream
{
    private int _left = goodBytes;
    private bool _isFlipped;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts the fault into an answer that went well.</summary>
    public static async Task<HttpResponseMessage> PutAsync(HttpResponseMessage response, int goodBytes, bool flips, CancellationToken cancellationToken)
    {
        var content = new StreamContent(new FaultyStream(await response.Content.ReadAsStreamAsync(cancellationToken), goodBytes, flips));
        content.Headers.ContentType = response.Content.Headers.ContentType;
        return new HttpResponseMessage(response.StatusCode) { Content = content };
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 && !flips)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "cut in the middle");
        }

        var room = _isFlipped ? buffer.Length : Math.Min(buffer.Length, Math.Max(_left, 1));
        var count = await inner.ReadAsync(buffer[..room], cancellationToken);
        if (flips && !_isFlipped && _left == 0 && count > 0)
        {
            buffer.Span[0] ^= 1;
            _isFlipped = true;
        }

        _left = Math.Max(0, _left - count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
