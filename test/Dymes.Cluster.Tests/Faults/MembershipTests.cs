using Dymes.Message.Log;

namespace Dymes.Cluster.Tests.Faults;

/// <summary>What silos agree on after each fault, and how soon: the faults themselves are tested by it too.</summary>
[Collection(SharedCluster.Collection)]
public sealed class MembershipTests(SharedCluster shared, ITestOutputHelper output)
{
    // On a quiet machine 1 s for a silo that was killed, 5 s for a frozen one, 7 s for one that was cut off; on a busy one several times that.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_silo_that_was_killed_is_soon_dead_and_alive_when_it_is_started_again()
    {
        var cluster = await shared.WholeAsync();
        await cluster["c"].KillAsync();
        Told("killed silo voted dead", await cluster.UntilAgreedAsync("c", SiloState.Dead, "a", "b"));

        await cluster["c"].StartAsync();
        Told("alive again", await cluster.UntilAgreedAsync("c", SiloState.Alive, "a", "b", "c"));
    }

    [Fact]
    public async Task A_silo_that_stops_says_so_itself()
    {
        var cluster = await shared.WholeAsync();
        Assert.Equal(0, await cluster["b"].StopAsync());
        Told("stopped silo gone", await cluster.UntilAgreedAsync("b", SiloState.Dead, "a", "c"));
    }

    [Fact]
    public async Task A_frozen_silo_is_soon_dead_and_ends_itself_when_it_goes_on()
    {
        var cluster = await shared.WholeAsync();
        cluster["a"].Freeze();
        Told("frozen silo voted dead", await cluster.UntilAgreedAsync("a", SiloState.Dead, "b", "c"));

        cluster["a"].Thaw();
        Assert.NotEqual(0, await cluster["a"].Process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_short_freeze_changes_nothing()
    {
        var cluster = await shared.WholeAsync();
        cluster["a"].Freeze();
        Assert.Null(await cluster["a"].AskAsync(TimeSpan.FromSeconds(1))); // the freeze is as long
        cluster["a"].Thaw();
        await cluster.UntilAgreedAsync("a", SiloState.Alive, "a", "b", "c");
        Assert.True(cluster["a"].IsRunning);
    }

    [Fact]
    public async Task A_silo_that_is_cut_off_is_soon_dead_to_those_who_are_more()
    {
        var cluster = await shared.WholeAsync();
        cluster.Isolate("c");
        Told("silo that was cut off voted dead", await cluster.UntilAgreedAsync("c", SiloState.Dead, "a", "b"));

        // It can read the table, so it learns of its own death without anybody's help.
        Assert.NotEqual(0, await cluster["c"].Process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_silo_whose_data_was_wiped_comes_back_under_its_name()
    {
        var cluster = await shared.WholeAsync();
        await cluster["b"].KillAsync();
        cluster["b"].Wipe();
        await cluster["b"].StartAsync();
        await cluster.UntilAgreedAsync("b", SiloState.Alive, "a", "b", "c");
    }

    [Fact]
    public async Task After_a_power_cut_those_that_come_back_wait_for_no_others()
    {
        var cluster = await shared.WholeAsync();
        await cluster.KillAllAsync();
        await Task.WhenAll(cluster["a"].StartAsync(), cluster["b"].StartAsync());
        Told("the third is dead", await cluster.UntilAgreedAsync("c", SiloState.Dead, "a", "b"));

        await cluster.KillAllAsync();
        await cluster.StartAllAsync();
    }

    private void Told(string what, TimeSpan time)
    {
        output.WriteLine(FormattableString.Invariant($"{what} after {time.TotalSeconds:N1} s"));
        Assert.True(time < Soon, $"{what} only after {time}");
    }
}
