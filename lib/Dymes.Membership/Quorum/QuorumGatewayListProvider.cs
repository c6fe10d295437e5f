using Dymes.Common;
using Dymes.Membership.Quorum.Register;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Dymes.Membership.Quorum;

/// <summary>
/// Tells a gateway which silos there are: it asks all of its list. What a majority agrees on, or else the newest that anybody knows: a gateway finds out by itself whether a silo answers, and one that
/// reaches few silos needs them all the more.
/// </summary>
/// <param name="acceptors">The ways to the silos' acceptors.</param>
/// <param name="gateways">Has how often they are asked.</param>
internal sealed class QuorumGatewayListProvider(IReadOnlyList<IAcceptorPath> acceptors, IOptions<GatewayOptions> gateways) : IGatewayListProvider
{
    /// <inheritdoc/>
    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<IList<Uri>> GetGateways()
    {
        var poll = new Poll(acceptors.Count);
        await new Inquiry(acceptors, (acceptor, answer) =>
        {
            if (answer.State is { } state)
            {
                poll.Hear(acceptor, state);
            }

            return poll.Agreed is not null;
        }).AskAsync(new AcceptorRequest(AcceptorVerb.Tell)).ConfigureAwait(false);
        return (poll.Agreed ?? poll.Newest) is { } known
            ? known.Content?.Table.Gateways() ?? []
            : throw new DymesException(ErrorCode.NotReady, $"no silo of cluster.replicas tells which there are: {string.Join("; ", acceptors.Select(acceptor => acceptor.Trouble))}.");
    }
}
