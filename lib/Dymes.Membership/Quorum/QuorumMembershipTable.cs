using Dymes.Common;
using Dymes.Membership.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dymes.Membership.Quorum;

/// <summary>The membership table that the silos keep themselves.</summary>
internal sealed partial class QuorumMembershipTable : SharedMemberTable
{
    // Silos that stop together are soon too few to tell each other.
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly QuorumRegister _register;
    private readonly string _cluster;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private MemberTable _seen;
    private volatile bool _isLeftAlone;

    /// <param name="cluster">The cluster's id.</param>
    /// <param name="register">Where the table is.</param>
    /// <param name="lifetime">Tells when the silo stops.</param>
    /// <param name="clock">Measures patience.</param>
    /// <param name="logger">Hears whom a silo that starts waits for.</param>
    public QuorumMembershipTable(string cluster, QuorumRegister register, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<QuorumMembershipTable> logger)
        : base(cluster)
    {
        (_register, _cluster, _lifetime, _clock, _logger) = (register, cluster, lifetime, clock, logger);
        _seen = MemberTable.Empty(cluster);
    }

    /// <inheritdoc/>
    public override Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task<MemberTable> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return _seen = await UnlessAloneAsync(_register.ReadAsync, _seen, cancellationToken).ConfigureAwait(false);
            }
            catch (DymesException refusal) when (refusal.Code == ErrorCode.NotReady && !_lifetime.ApplicationStarted.IsCancellationRequested)
            {
                // Others that start with it, or are slow, are no reason to give up; a silo that runs hears at once that it has lost them.
                LogWaiting(refusal.Message);
                await Task.Delay(LookInterval, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override Task<bool> ChangeAsync(Func<MemberTable, MemberTable?> change, CancellationToken cancellationToken) =>
        UnlessAloneAsync(giveUp => _register.ChangeAsync(change, giveUp), true, cancellationToken);

    /// <inheritdoc/>
    protected override Task ShowAliveAsync(SiloAddress silo, DateTime alive, CancellationToken cancellationToken) =>
        _register.ShowAliveAsync(new SignOfLife(silo.ToParsableString(), DateTime.SpecifyKind(alive, DateTimeKind.Utc)));

    /// <inheritdoc/>
    protected override Task RemoveAsync(CancellationToken cancellationToken) => _register.ChangeAsync(_ => MemberTable.Empty(_cluster), cancellationToken);

    // Orleans would try for a minute to write that a silo stops. Where nobody is left to read it, nobody misses it: who comes back finds the silo's port closed.
    private async Task<T> UnlessAloneAsync<T>(Func<CancellationToken, Task<T>> ask, T otherwise, CancellationToken cancellationToken)
    {
        if (!_lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return await ask(cancellationToken).ConfigureAwait(false);
        }

        if (_isLeftAlone)
        {
            return otherwise;
        }

        using var patience = new CancellationTokenSource(FarewellPatience, _clock);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ask(giveUp.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DymesException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            _isLeftAlone = true;
            return otherwise;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Refusal} Trying again.")]
    private partial void LogWaiting(string refusal);
}
