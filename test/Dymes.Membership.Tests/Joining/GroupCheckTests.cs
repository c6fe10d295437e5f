using Dymes.Common;
using Dymes.Membership.Tests.Tables;

namespace Dymes.Membership.Tests.Joining;

public sealed class GroupCheckTests : IDisposable
{
    private readonly JoiningSilo _silo = new();

    public void Dispose() => _silo.Dispose();

    [Theory]
    [InlineData("b@1:a,b,c", "cluster.epoch", "epoch 1", "epoch 2")]
    [InlineData("b@2:a,b,d", "cluster.replicas", "(a,b,d)", "(a,b,c)")]
    [InlineData("b@2:b,a,c", "cluster.replicas", "(b,a,c)", "(a,b,c)")]
    [InlineData("a@2:a,b,c", "cluster.name", "127.0.0.1:12345", "127.0.0.1:1000")]
    [InlineData("Silo_1", "cluster.id", "'Silo_1'", "'test'")]
    public async Task A_silo_of_another_group_is_refused_with_both_values(string other, string field, string its, string mine)
    {
        await _silo.Table.InsertAsync(Silos.Row(SiloStatus.Active, other));
        var refusal = await Assert.ThrowsAsync<DymesException>(() => _silo.CompareAsync());
        Assert.Equal((ErrorCode.ConfigurationInvalid, field), (refusal.Code, refusal.Field));
        Assert.Contains(its, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(mine, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_of_the_same_group_and_dead_ones_of_any_are_no_reason()
    {
        await _silo.Table.InsertAsync(Silos.Row(SiloStatus.Active, "b@2:a,b,c"), Silos.Row(SiloStatus.Joining, "c@2:a,b,c"), Silos.Row(SiloStatus.Dead, "c@1:a,b,c"));
        await _silo.CompareAsync();
    }

    [Fact]
    public async Task What_this_silos_address_had_before_is_no_reason()
    {
        await _silo.Table.InsertAsync(Silos.Row(SiloStatus.Active, "a@1:a", port: _silo.Self.SiloAddress.Endpoint.Port));
        await _silo.CompareAsync();
    }

    [Fact]
    public async Task A_silo_that_is_restarted_too_has_time_to_remove_its_old_row()
    {
        var old = Silos.Row(SiloStatus.Active, "b@1:a,b,c");
        await _silo.Table.InsertAsync(old);
        _silo.Clock.Meanwhile = async passed =>
        {
            if (passed > TimeSpan.FromSeconds(2) && old.Status == SiloStatus.Active)
            {
                old.Status = SiloStatus.Dead;
                await _silo.Table.PutAsync(old);
            }
        };
        await _silo.CompareAsync();
        Assert.Equal(SiloStatus.Dead, old.Status);
    }
}
