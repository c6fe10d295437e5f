namespace Dymes.Client.Calls;

/// <summary>A call that may be tried several times: it makes its request anew each time and reads the answer.</summary>
/// <typeparam name="TAnswer">What it answers.</typeparam>
internal interface INodeCall<TAnswer>
{
    /// <summary>Whether the answer must include what the client has seen before.</summary>
    bool IsRead => true;

    HttpRequestMessage CreateRequest(Uri address);

    /// <summary>Reads the answer to a request that went well.</summary>
    ValueTask<TAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken);
}
