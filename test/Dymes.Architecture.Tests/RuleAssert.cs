namespace Dymes.Architecture.Tests;

/// <summary>Fails with every violation, not just the first, so that one run tells all there is to repair.</summary>
internal static class RuleAssert
{
    public static void Holds(IEnumerable<string> violations, string remedy)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{remedy}{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }
}
