namespace Dymes.Client.Calls;

/// <summary>The open answer of a node, as a stream of bytes.</summary>
internal sealed class NodeStream(HttpResponseMessage response, Stream body, SilenceWatch silence, Uri address) : IDisposable
{
    public Uri Address => address;

    public HttpResponseMessage Response => response;

    /// <summary>Reads what is there, or waits for it.</summary>
    /// <returns>How many bytes came; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        silence.Listen();
        var count = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
        silence.Pause();
        return count;
    }

    /// <summary>What an exception of <see cref="ReadAsync"/> means.</summary>
    public FailedAttempt FailureOf(Exception exception) => exception is OperationCanceledException
        ? FailedAttempt.TimedOut(address, silence.Limit)
        : FailedAttempt.Of(exception, address);

    public void Dispose()
    {
        response.Dispose();
        silence.Dispose();
    }
}
