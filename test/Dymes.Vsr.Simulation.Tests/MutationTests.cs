using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Tests.Bugs;

namespace Dymes.Vsr.Simulation.Tests;

/// <summary>The simulator can fail: each bug, planted between replicas and their hosts, is found. One that is not found is a blind spot of the simulator's.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const ulong SeedsMax = 1000;

    private static readonly Dictionary<string, Func<Sabotage>> Bugs = new()
    {
        [nameof(AcknowledgesBeforeDurable)] = () => new AcknowledgesBeforeDurable(),
        [nameof(CommitsWithoutOwnDisk)] = () => new CommitsWithoutOwnDisk(),
        [nameof(ActsBeforeTheViewIsDurable)] = () => new ActsBeforeTheViewIsDurable(),
        [nameof(ForgetsToPersistTheView)] = () => new ForgetsToPersistTheView(),
        [nameof(ForgetsToPersistTheLogView)] = () => new ForgetsToPersistTheLogView(),
        [nameof(PersistsACommitThatIsTooHigh)] = () => new PersistsACommitThatIsTooHigh(),
        [nameof(TruncatesTooMuch)] = () => new TruncatesTooMuch(),
        [nameof(CountsAPrepareOkTwice)] = () => new CountsAPrepareOkTwice(),
        [nameof(QuorumOffByOne)] = () => new QuorumOffByOne(),
        [nameof(AcknowledgesTheWrongLog)] = () => new AcknowledgesTheWrongLog(),
        [nameof(CountsAPrepareOkOfAnOlderView)] = () => new CountsAPrepareOkOfAnOlderView(),
        [nameof(CommitsWhatIsOnlyPrepared)] = () => new CommitsWhatIsOnlyPrepared(),
        [nameof(ServesReadsUnconfirmed)] = () => new ServesReadsUnconfirmed(),
        [nameof(TakesTheLongestLog)] = () => new TakesTheLongestLog(),
        [nameof(ForgetsItsNewestEntry)] = () => new ForgetsItsNewestEntry(),
        [nameof(StartsAViewWithoutItsTail)] = () => new StartsAViewWithoutItsTail(),
        [nameof(AcceptsAStaleStartView)] = () => new AcceptsAStaleStartView(),
        [nameof(TakesDamageForATornTail)] = () => new TakesDamageForATornTail(),
        [nameof(BeginsANewHardState)] = () => new BeginsANewHardState(),
        [nameof(TakesAWipedDiskForANewOne)] = () => new TakesAWipedDiskForANewOne(),
        [nameof(ForgetsThatItRecovers)] = () => new ForgetsThatItRecovers(),
        [nameof(VotesWhileRecovering)] = () => new VotesWhileRecovering(),
        [nameof(ReusesItsNonces)] = () => new ReusesItsNonces(),
        [nameof(AnswersRecoveryWithAnOlderView)] = () => new AnswersRecoveryWithAnOlderView(),
        [nameof(CountsLogsOfEveryIncarnation)] = () => new CountsLogsOfEveryIncarnation(),
        [nameof(TakesEntriesOfAnotherLog)] = () => new TakesEntriesOfAnotherLog(),
        [nameof(TakesAllEntriesForFinal)] = () => new TakesAllEntriesForFinal(),
        [nameof(AdoptsWithoutComparing)] = () => new AdoptsWithoutComparing(),
        [$"{nameof(AdoptsWithoutComparing)}, {nameof(IgnoresTheParentChecksum)}"] = () => new Both(new AdoptsWithoutComparing(), new IgnoresTheParentChecksum()),
        [nameof(LosesAField)] = () => new LosesAField(),
        [nameof(SwapsTwoFields)] = () => new SwapsTwoFields(),
        [nameof(SkipsTheSessionCheck)] = () => new SkipsTheSessionCheck(),
        [nameof(AnswersWithAnOldReply)] = () => new AnswersWithAnOldReply(),
        [nameof(ForgetsSessions)] = () => new ForgetsSessions(),
        [nameof(GivesIdsByTheClock)] = () => new GivesIdsByTheClock(),
    };

    // The rarest need several things at once, which a campaign brings together. Seeds of all campaigns find them too, but a change of the protocol draws all of those anew.
    private static readonly Dictionary<string, CampaignKind> Campaigns = new()
    {
        [nameof(ReusesItsNonces)] = CampaignKind.Losses,
        [nameof(CountsLogsOfEveryIncarnation)] = CampaignKind.Defections,
        [nameof(CountsAPrepareOkOfAnOlderView)] = CampaignKind.Forks,
        [nameof(TakesEntriesOfAnotherLog)] = CampaignKind.Forks,
        [nameof(TakesAllEntriesForFinal)] = CampaignKind.Forks,
    };

    public static TheoryData<string> Names => [.. Bugs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_bug_is_found(string bug)
    {
        CampaignKind? campaign = Campaigns.TryGetValue(bug, out var kind) ? kind : null;
        for (var seed = 1UL; seed <= SeedsMax; seed++)
        {
            if (Simulator.Run(new SimulationSettings { Seed = seed, Campaign = campaign }, Bugs[bug]()).Violation is { } violation)
            {
                output.WriteLine($"{bug}: seed {seed}, {violation.Rule}: {violation.Message}");
                return;
            }
        }

        Assert.Fail($"{bug} was not found in {SeedsMax} seeds.");
    }
}
