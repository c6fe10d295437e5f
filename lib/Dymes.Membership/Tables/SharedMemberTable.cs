namespace Dymes.Membership.Tables;

/// <summary>
/// Orleans' membership table over one <see cref="MemberTable"/>, wherever that is kept. A row is written only by who has seen the newest table, so that of two silos that change it at once
/// one has to look again.
/// </summary>
/// <param name="cluster">The cluster's id.</param>
internal abstract class SharedMemberTable(string cluster) : IMembershipTable
{
    /// <inheritdoc/>
    public abstract Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        var table = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return table.ToTable(table.Find(key) is { } row ? [row] : []);
    }

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        var table = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return table.ToTable(table.Rows);
    }

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        ChangeAsync(table => table.Insert(entry, tableVersion), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        ChangeAsync(table => table.Update(entry, etag, tableVersion), cancellationToken);

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => ShowAliveAsync(entry.SiloAddress, entry.IAmAliveTime, cancellationToken);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        ChangeAsync(table => table.Forget(beforeDate.UtcDateTime), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        clusterId == cluster ? RemoveAsync(cancellationToken) : Task.CompletedTask;

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

    /// <summary>The newest table.</summary>
    protected abstract Task<MemberTable> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Changes the table durably.</summary>
    /// <param name="change">Makes the new table of the newest one; null: there is nothing to write.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was a change.</returns>
    protected abstract Task<bool> ChangeAsync(Func<MemberTable, MemberTable?> change, CancellationToken cancellationToken);

    /// <summary>Keeps a silo's sign of life. Neither version nor etag changes: whoever is about to write a row need not begin again for it.</summary>
    protected abstract Task ShowAliveAsync(SiloAddress silo, DateTime alive, CancellationToken cancellationToken);

    /// <summary>Begins again with an empty table.</summary>
    protected abstract Task RemoveAsync(CancellationToken cancellationToken);
}
