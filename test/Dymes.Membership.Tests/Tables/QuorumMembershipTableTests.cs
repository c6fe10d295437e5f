using Dymes.Common;
using Dymes.Membership.Tests.Quorum;

namespace Dymes.Membership.Tests.Tables;

public sealed class QuorumMembershipTableTests : MembershipTableContract
{
    private QuorumSilos? _silos;
    private int _opened;

    protected override MembershipSource Source(string clusterId) => new(MembershipKind.Quorum, clusterId);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (_silos?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Any_silo_may_be_lost_but_not_two()
    {
        await _silos!.Tables[0].InsertAsync(Silos.Row());
        _silos.Close(1);
        await _silos.Tables[0].InsertAsync(Silos.Row());
        Assert.Equal(2, (await _silos.Tables[0].ReadAllAsync(default)).Version.Version);

        _silos.Close(2);
        var refusal = await Assert.ThrowsAsync<DymesException>(() => _silos.Tables[0].InsertRowAsync(Silos.Row(), new TableVersion(3, "2"), default));
        Assert.Equal(ErrorCode.NotReady, refusal.Code);
        Assert.All(_silos.Replicas.Seats.Skip(1), seat => Assert.Contains($"{seat.Name} at 127.0.0.1:{seat.SiloPort}", refusal.Message, StringComparison.Ordinal));
    }

    // Each silo of the cluster in turn: a table of its own for each opening would be a silo more.
    protected override async Task<IMembershipTable> OpenAsync(MembershipSource source)
    {
        _silos ??= await QuorumSilos.StartAsync(source.ClusterId);
        Opened = _silos.Source;
        return _silos.Tables[Interlocked.Increment(ref _opened) % _silos.Tables.Count];
    }
}
