namespace Dymes.Membership.Tests.Quorum;

public sealed class RegisterSimulationTests(ITestOutputHelper output)
{
    private const int SeedsDefault = 100;

    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("DYMES_REGISTER_SEEDS"), out var seeds) ? seeds : SeedsDefault;

    [Fact]
    public void Whatever_is_lost_the_register_does_one_thing_after_the_other()
    {
        var (changes, reads, unknown, wipes) = (0, 0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (world, violations) = RegisterSimulation.Run(seed);
            Assert.True(violations.Count == 0, $"seed {seed}, {world.Count} replicas: {string.Join('\n', violations)}");
            changes += world.History.Changes;
            reads += world.History.Reads;
            unknown += world.History.Unknown;
            wipes += world.Wipes;
        }

        output.WriteLine($"{changes} changes, {reads} reads, {unknown} of unknown outcome, {wipes} disks lost");
        Assert.True(changes > 10 * Seeds && reads > 20 * Seeds && unknown > Seeds / 10 && wipes > Seeds, "The simulation does too little.");
    }

    [Fact]
    public void A_seed_runs_the_same_way_again()
    {
        var (first, _) = RegisterSimulation.Run(7);
        var (second, _) = RegisterSimulation.Run(7);
        Assert.Equal((first.History.Changes, first.History.Reads, first.Wipes), (second.History.Changes, second.History.Reads, second.Wipes));
    }

    [Fact]
    public void A_replica_that_takes_part_without_its_memory_is_found_out() =>
        Assert.Contains(Enumerable.Range(0, SeedsDefault), seed => RegisterSimulation.Run(seed, hasAmnesia: true).Violations.Count > 0);
}
