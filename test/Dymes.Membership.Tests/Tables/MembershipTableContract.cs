using Dymes.Programs.Replicas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Messaging;

namespace Dymes.Membership.Tests.Tables;

/// <summary>What Orleans asks of a membership table, after its own cases. Every source that can be configured must pass, as the silo and the gateway set it up.</summary>
public abstract class MembershipTableContract : IAsyncLifetime
{
    private const int Writers = 8;
    private readonly List<IHost> _hosts = [];

    private IMembershipTable Table { get; set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        var source = Source($"test-{Guid.NewGuid():N}");
        Table = await OpenAsync(source);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var host in _hosts)
        {
            host.Dispose();
        }

        await Task.CompletedTask;
    }

    protected MembershipSource Opened { get; set; } = null!;

    protected abstract MembershipSource Source(string clusterId);

    /// <summary>Makes what a silo's start makes before the table is used.</summary>
    protected virtual Task PrepareAsync(MembershipSource source) => Task.CompletedTask;

    [Fact]
    public async Task An_empty_table_has_a_version()
    {
        var table = await Table.ReadAllAsync(default);
        Assert.Empty(table.Members);
        Assert.Equal(0, table.Version.Version);
        Assert.NotNull(table.Version.VersionEtag);
    }

    [Fact]
    public async Task A_row_is_read_as_it_was_inserted_and_the_version_grows()
    {
        var row = Silos.Row(SiloStatus.Active, name: "b@1:a,b,c");
        var next = (await Table.ReadAllAsync(default)).Version.Next();
        Assert.True(await Table.InsertRowAsync(row, next, default));

        var table = await Table.ReadRowAsync(row.SiloAddress, default);
        Assert.Equal(1, table.Version.Version);
        Assert.NotEqual(next.VersionEtag, table.Version.VersionEtag);
        var read = Assert.Single(table.Members);
        Assert.NotNull(read.Item2);
        Assert.Equal((row.SiloAddress, row.Status), (read.Item1.SiloAddress, read.Item1.Status));
        Assert.Equal((row.SiloName, row.HostName, row.ProxyPort, row.StartTime), (read.Item1.SiloName, read.Item1.HostName, read.Item1.ProxyPort, read.Item1.StartTime.ToUniversalTime()));
    }

    [Fact]
    public async Task A_row_of_no_silo_is_read_as_the_version_alone()
    {
        await Table.InsertAsync(Silos.Row());
        var table = await Table.ReadRowAsync(Silos.Address(), default);
        Assert.Empty(table.Members);
        Assert.Equal(1, table.Version.Version);
    }

    [Fact]
    public async Task An_insert_is_refused_for_a_silo_that_has_a_row_and_for_a_version_that_was_overtaken()
    {
        var row = Silos.Row();
        var old = (await Table.ReadAllAsync(default)).Version.Next();
        Assert.True(await Table.InsertRowAsync(row, old, default));
        Assert.False(await TryAsync(() => Table.InsertRowAsync(row, old, default)));
        Assert.False(await TryAsync(() => Table.InsertRowAsync(Silos.Row(), old, default)));
        var next = (await Table.ReadAllAsync(default)).Version.Next();
        Assert.False(await TryAsync(() => Table.InsertRowAsync(row, next, default)));
        Assert.Equal(1, (await Table.ReadAllAsync(default)).Version.Version);
    }

    [Fact]
    public async Task An_update_replaces_the_row_once_for_each_version_that_was_seen()
    {
        var row = Silos.Row();
        await Table.InsertAsync(row, Silos.Row());
        var seen = await Table.ReadAllAsync(default);
        var etag = seen.TryGet(row.SiloAddress)!.Item2;
        row.Status = SiloStatus.Active;
        row.SuspectTimes = [Tuple.Create(Silos.Address(), row.StartTime.AddSeconds(1)), Tuple.Create(Silos.Address(), row.StartTime.AddSeconds(2))];

        Assert.False(await TryAsync(() => Table.UpdateRowAsync(row, etag, new TableVersion(2, "1"), default)));
        Assert.True(await Table.UpdateRowAsync(row, etag, seen.Version.Next(), default));
        Assert.False(await TryAsync(() => Table.UpdateRowAsync(row, etag, seen.Version.Next(), default)));

        var now = await Table.ReadAllAsync(default);
        Assert.Equal((3, 2), (now.Version.Version, now.Members.Count));
        Assert.Equal(row.ToFullString(), now.TryGet(row.SiloAddress)!.Item1.ToFullString());
    }

    [Fact]
    public async Task An_update_of_a_silo_without_a_row_is_refused()
    {
        await Table.InsertAsync(Silos.Row());
        var seen = await Table.ReadAllAsync(default);
        Assert.False(await TryAsync(() => Table.UpdateRowAsync(Silos.Row(), seen.Members[0].Item2, seen.Version.Next(), default)));
        Assert.Equal(1, (await Table.ReadAllAsync(default)).Version.Version);
    }

    [Fact]
    public async Task Of_many_that_insert_at_once_one_is_first()
    {
        var row = Silos.Row();
        var next = (await Table.ReadAllAsync(default)).Version.Next();
        var inserted = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => TryAsync(() => Table.InsertRowAsync(row, next, default)))));
        Assert.Single(inserted, wasFirst => wasFirst);
        Assert.Single((await Table.ReadAllAsync(default)).Members);
    }

    [Fact]
    public async Task Many_that_write_at_once_lose_nothing()
    {
        const int Changes = 5;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            var table = await OpenAsync(Opened);
            var row = Silos.Row();
            for (var change = 0; change < Changes; change++)
            {
                row.Status = change % 2 == 0 ? SiloStatus.Joining : SiloStatus.Active;
                await table.PutAsync(row);
            }
        })));
        var now = await Table.ReadAllAsync(default);
        Assert.Equal((Writers * Changes, Writers), (now.Version.Version, now.Members.Count));
    }

    [Fact]
    public async Task A_sign_of_life_changes_neither_version_nor_etag()
    {
        var row = Silos.Row();
        await Table.InsertAsync(row, Silos.Row());
        var before = await Table.ReadAllAsync(default);
        var later = row.IAmAliveTime.AddSeconds(5);
        await Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = row.SiloAddress, IAmAliveTime = later }, default);

        var after = await Table.ReadAllAsync(default);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.TryGet(row.SiloAddress)!.Item2, after.TryGet(row.SiloAddress)!.Item2);
        Assert.Equal(later, after.TryGet(row.SiloAddress)!.Item1.IAmAliveTime.ToUniversalTime());
        Assert.Equal(row.SiloName, after.TryGet(row.SiloAddress)!.Item1.SiloName);
    }

    [Fact]
    public async Task A_clean_up_forgets_silos_that_died_long_ago()
    {
        var week = TimeSpan.FromDays(7);
        MembershipEntry[] kept = [Silos.Row(), Silos.Row(SiloStatus.Dead), Silos.Row(SiloStatus.Active, age: week)];
        await Table.InsertAsync([.. kept, Silos.Row(SiloStatus.Dead, age: week), Silos.Row(SiloStatus.Dead, age: 2 * week)]);
        await Table.CleanupDefunctSiloEntriesAsync(kept[0].StartTime - TimeSpan.FromDays(1), default);
        var left = (await Table.ReadAllAsync(default)).Members.Select(member => member.Item1.SiloAddress.ToParsableString());
        Assert.Equal(kept.Select(row => row.SiloAddress.ToParsableString()).Order(), left.Order());
    }

    [Fact]
    public async Task A_table_that_is_deleted_begins_again()
    {
        await Table.InsertAsync(Silos.Row());
        await Table.DeleteMembershipTableEntriesAsync(Opened.ClusterId, default);
        var again = await OpenAsync(Opened);
        Assert.Empty((await again.ReadAllAsync(default)).Members);
        await again.InsertAsync(Silos.Row());
    }

    [Fact]
    public async Task Gateways_find_the_active_silos_that_have_a_port_for_them()
    {
        var closed = Silos.Row(SiloStatus.Active);
        closed.ProxyPort = 0;
        var open = Silos.Row(SiloStatus.Active, port: 23456);
        await Table.InsertAsync(Silos.Row(), closed, open, Silos.Row(SiloStatus.Dead));

        var host = Host.CreateEmptyApplicationBuilder(null);
        host.UseOrleansClient(client => client.UseMembership(Opened));
        var services = Built(host);
        var gateways = services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();
        Assert.Equal([open.SiloAddress.ToGatewayUri()], await gateways.GetGateways());
    }

    /// <summary>A table as another process would have it.</summary>
    protected virtual async Task<IMembershipTable> OpenAsync(MembershipSource source)
    {
        Opened = source;
        await PrepareAsync(source);
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.UseOrleans(silo => silo.UseMembership(source, new ReplicaGroup(source.ClusterId, 1, "a", "a")));
        var table = Built(host).GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(true, default);
        return table;
    }

    private IServiceProvider Built(HostApplicationBuilder builder)
    {
        var host = builder.Build();
        lock (_hosts)
        {
            _hosts.Add(host);
        }

        return host.Services;
    }

    // A refusal may be a no or an exception: Orleans takes both for the same.
    private static async Task<bool> TryAsync(Func<Task<bool>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            return false;
        }
    }
}
