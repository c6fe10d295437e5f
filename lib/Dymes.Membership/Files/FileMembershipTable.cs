using Dymes.Membership.Tables;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Dymes.Membership.Files;

/// <summary>The membership table in a file that the silos of one machine share.</summary>
internal sealed class FileMembershipTable : SharedMemberTable
{
    private readonly MemberFile _file;

    /// <summary>Makes the table of a cluster.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cluster">Has the cluster's id.</param>
    /// <param name="clock">Waits for other writers.</param>
    public FileMembershipTable(string path, IOptions<ClusterOptions> cluster, TimeProvider clock)
        : base(cluster.Value.ClusterId) => _file = new MemberFile(path, cluster.Value.ClusterId, clock);

    /// <inheritdoc/>
    public override Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        ChangeAsync(table => tryInitTableVersion && table.Version == 0 ? table : null, cancellationToken);

    /// <inheritdoc/>
    protected override Task<MemberTable> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(_file.Read());

    /// <inheritdoc/>
    protected override Task<bool> ChangeAsync(Func<MemberTable, MemberTable?> change, CancellationToken cancellationToken) =>
        _file.ChangeAsync(change, isDurable: true, cancellationToken);

    /// <inheritdoc/>
    protected override Task ShowAliveAsync(SiloAddress silo, DateTime alive, CancellationToken cancellationToken) =>
        _file.ChangeAsync(table => table.Refresh(silo, alive), isDurable: false, cancellationToken);

    /// <inheritdoc/>
    protected override Task RemoveAsync(CancellationToken cancellationToken) => _file.RemoveAsync(cancellationToken);
}
