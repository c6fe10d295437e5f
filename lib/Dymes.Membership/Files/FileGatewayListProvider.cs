using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Dymes.Membership.Files;

/// <summary>Tells a gateway which silos there are, from the file that they share.</summary>
/// <param name="path">The file.</param>
/// <param name="cluster">Has the cluster's id.</param>
/// <param name="gateways">Has how often the file is read.</param>
/// <param name="clock">The clock.</param>
internal sealed class FileGatewayListProvider(string path, IOptions<ClusterOptions> cluster, IOptions<GatewayOptions> gateways, TimeProvider clock) : IGatewayListProvider
{
    private readonly MemberFile _file = new(path, cluster.Value.ClusterId, clock);

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider()
    {
        _ = _file.Read();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGateways() => Task.FromResult(_file.Read().Gateways());
}
