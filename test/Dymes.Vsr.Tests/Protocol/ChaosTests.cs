namespace Dymes.Vsr.Tests.Protocol;

/// <summary>
/// A short storm over a group, from a seed: messages are lost, doubled and delivered in any order, replicas crash with writes under way, are cut off, and lose their disks one at a
/// time. What was acknowledged must be there, at one place, for good. The simulator does this at length; this one runs with every build.
/// </summary>
public sealed class ChaosTests
{
    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 60)]
    [InlineData(3, 200)]
    [InlineData(5, 60)]
    public void A_group_keeps_its_word_in_a_storm(int count, int seeds)
    {
        var first = Number("DYMES_CHAOS_FIRST", 1);
        var many = Number("DYMES_CHAOS_SEEDS", seeds);
        for (var seed = first; seed < first + many; seed++)
        {
            try
            {
                new Storm(count, (ulong)seed, isTold: many == 1).Run();
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{count} replicas, seed {seed}: {error.Message}", error);
            }
        }
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
