using System.Text.Json;
using Dymes.Client.Calls;
using Dymes.Common;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Client.Reading;

/// <summary>Asks how the replicas are.</summary>
internal sealed class ClusterCall : INodeCall<ClusterReport>
{
    private const string Path = "api/v1/cluster";

    public static ClusterCall Instance { get; } = new();

    public HttpRequestMessage CreateRequest(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, Path));
        request.Headers.Accept.Add(MediaTypes.AcceptJson);
        return request;
    }

    public async ValueTask<ClusterReport> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var json = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return ClusterReportJson.Read(json);
        }
        catch (JsonException problem)
        {
            throw new DymesException(ErrorCode.Internal, $"{Path} answered something else than Dymes does: {problem.Message} Is it a Dymes node of this version?", problem);
        }
    }
}
