using System.Net;
using System.Net.Sockets;
using Dymes.Membership.Tests.Tables;
using Dymes.Testing;

namespace Dymes.Membership.Tests.Joining;

public sealed class DepartedSilosTests : IDisposable
{
    private readonly JoiningSilo _silo = new();

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task A_silo_that_accepts_no_connection_and_shows_no_sign_of_life_is_declared_dead()
    {
        var gone = Silos.Row(SiloStatus.Active, port: FreePort.Take());
        await _silo.Table.InsertAsync(gone);
        await _silo.BuryAsync();
        Assert.Equal(SiloStatus.Dead, await StatusAsync(gone));
    }

    [Fact]
    public async Task A_silo_that_accepts_connections_is_left_alone()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var alive = Silos.Row(SiloStatus.Active, port: ((IPEndPoint)listener.LocalEndpoint).Port);
        await _silo.Table.InsertAsync(alive);
        await _silo.BuryAsync();
        Assert.Equal(SiloStatus.Active, await StatusAsync(alive));
    }

    [Fact]
    public async Task A_silo_that_cannot_be_reached_but_shows_signs_of_life_is_left_alone()
    {
        var alive = Silos.Row(SiloStatus.Active, port: FreePort.Take());
        await _silo.Table.InsertAsync(alive);
        _silo.Clock.Meanwhile = passed => passed < TimeSpan.FromSeconds(1) ? Task.CompletedTask
            : _silo.Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = alive.SiloAddress, IAmAliveTime = alive.IAmAliveTime + passed }, default);
        await _silo.BuryAsync();
        Assert.Equal(SiloStatus.Active, await StatusAsync(alive));
    }

    [Fact]
    public async Task Who_is_not_active_and_who_was_here_before_is_for_Orleans()
    {
        MembershipEntry[] rows = [Silos.Row(), Silos.Row(SiloStatus.Active, port: _silo.Self.SiloAddress.Endpoint.Port)];
        await _silo.Table.InsertAsync(rows);
        await _silo.BuryAsync();
        Assert.Equal([SiloStatus.Joining, SiloStatus.Active], [await StatusAsync(rows[0]), await StatusAsync(rows[1])]);
    }

    private async Task<SiloStatus> StatusAsync(MembershipEntry row) => (await _silo.Table.ReadRowAsync(row.SiloAddress, default)).Members[0].Item1.Status;
}
