using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dymes.Common;

namespace Dymes.Client.Calls;

/// <summary>Asks for a JSON document.</summary>
internal sealed class JsonCall<TAnswer>(string path, JsonTypeInfo<TAnswer> type) : INodeCall<TAnswer>
{
    public HttpRequestMessage CreateRequest(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        request.Headers.Accept.Add(MediaTypes.AcceptJson);
        return request;
    }

    public async ValueTask<TAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false) ?? throw new JsonException("the document is null");
        }
        catch (JsonException problem)
        {
            throw new DymesException(ErrorCode.Internal, $"{path} answered something else than Dymes does: {problem.Message} Is it a Dymes node of this version?", problem);
        }
    }
}
