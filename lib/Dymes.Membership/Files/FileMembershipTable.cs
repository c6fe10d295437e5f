using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Dymes.Membership.Files;

/// <summary>
/// Orleans' membership table in a file that the silos of one machine share. A row is written only by who has seen the newest table, so that of two silos that change it at once
/// one has to look again.
/// </summary>
public sealed class FileMembershipTable : IMembershipTable
{
    private readonly MemberFile _file;
    private readonly string _cluster;

    /// <summary>Makes the table of a cluster.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cluster">Has the cluster's id.</param>
    /// <param name="clock">Waits for other writers.</param>
    public FileMembershipTable(string path, IOptions<ClusterOptions> cluster, TimeProvider clock)
    {
        _cluster = cluster.Value.ClusterId;
        _file = new MemberFile(path, _cluster, clock);
    }

    /// <inheritdoc/>
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        _file.ChangeAsync(table => tryInitTableVersion && table.Version == 0 ? table : null, isDurable: true, cancellationToken);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        var table = _file.Read();
        return Task.FromResult(table.ToTable(table.Find(key) is { } row ? [row] : []));
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        var table = _file.Read();
        return Task.FromResult(table.ToTable(table.Rows));
    }

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        _file.ChangeAsync(table => table.Insert(entry, tableVersion), isDurable: true, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        _file.ChangeAsync(table => table.Update(entry, etag, tableVersion), isDurable: true, cancellationToken);

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) =>
        _file.ChangeAsync(table => table.Refresh(entry.SiloAddress, entry.IAmAliveTime), isDurable: false, cancellationToken);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        _file.ChangeAsync(table => table.Forget(beforeDate.UtcDateTime), isDurable: false, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        clusterId == _cluster ? _file.RemoveAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    /// <inheritdoc/>
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);
}
