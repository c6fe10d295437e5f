using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Dymes.Membership.Joining;

/// <summary>
/// Declares silos dead that are gone, before this one joins: a silo that joins waits for an answer of every silo that the table calls alive, and after a power cut nobody is left to vote
/// on those that do not come back. Gone is who accepts no connection, and shows no sign of life in the table for as long as Orleans lets a silo miss them.
/// </summary>
internal sealed partial class DepartedSilos(
    IMembershipTable table, ILocalSiloDetails self, ClusterMembershipOptions options, TimeProvider clock, ILogger<DepartedSilos> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _silenceMax = options.IAmAliveTablePublishTimeout * options.NumMissedTableIAmAliveLimit;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(DepartedSilos), JoiningStages.Bury, BuryAsync);

    internal async Task BuryAsync(CancellationToken cancellationToken)
    {
        var rows = (await table.ReadAllAsync(cancellationToken).ConfigureAwait(false)).Members.Select(member => member.Item1);
        await Task.WhenAll(rows
            .Where(row => row.Status == SiloStatus.Active && !row.SiloAddress.Endpoint.Equals(self.SiloAddress.Endpoint))
            .Select(row => BuryIfGoneAsync(row, cancellationToken))).ConfigureAwait(false);
    }

    private async Task BuryIfGoneAsync(MembershipEntry seen, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (!await AcceptsAsync(seen.SiloAddress.Endpoint, cancellationToken).ConfigureAwait(false))
        {
            var (now, etag, version) = await ReadAsync(seen.SiloAddress, cancellationToken).ConfigureAwait(false);
            if (now is not { Status: SiloStatus.Active } || now.IAmAliveTime != seen.IAmAliveTime)
            {
                return; // declared dead meanwhile, or alive: what is wrong between it and this silo is for Orleans to find out
            }

            if (clock.GetElapsedTime(start) > _silenceMax)
            {
                now.Status = SiloStatus.Dead;
                now.AddSuspector(self.SiloAddress, clock.GetUtcNow().UtcDateTime);
                if (await table.UpdateRowAsync(now, etag, version.Next(), cancellationToken).ConfigureAwait(false))
                {
                    LogBuried(now.SiloName, now.SiloAddress.Endpoint, _silenceMax);
                    return;
                }
            }

            await Task.Delay(LookInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(MembershipEntry? Row, string Etag, TableVersion Version)> ReadAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        var found = await table.ReadRowAsync(silo, cancellationToken).ConfigureAwait(false);
        var row = found.TryGet(silo);
        return (row?.Item1, row?.Item2 ?? "", found.Version);
    }

    private async Task<bool> AcceptsAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(ConnectPatience, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var connection = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await connection.ConnectAsync(endpoint, ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} at {Endpoint} is gone: it accepts no connection and has shown no sign of life for {Silence}. It is declared dead.")]
    private partial void LogBuried(string name, IPEndPoint endpoint, TimeSpan silence);
}
