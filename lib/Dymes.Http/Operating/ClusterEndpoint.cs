using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Operating;

/// <summary><c>GET /api/v1/cluster</c>, and <c>/observe/cluster</c> for operators: how the replicas are.</summary>
internal sealed class ClusterEndpoint(IClusterStatus cluster)
{
    public async Task GetAsync(HttpContext http)
    {
        var report = await cluster.GetClusterAsync(http.RequestAborted).ConfigureAwait(false);
        await DocumentAnswer.SendAsync(http, json => ClusterReportJson.Write(json, report)).ConfigureAwait(false);
    }
}
