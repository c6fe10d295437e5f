using System.Diagnostics.CodeAnalysis;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>A rule does not hold: the run ends here.</summary>
internal sealed class RuleBroken(Rule rule, string message) : Exception(message)
{
    public Rule Rule => rule;

    public static void Unless([DoesNotReturnIf(false)] bool holds, Rule rule, string message)
    {
        if (!holds)
        {
            throw new RuleBroken(rule, message);
        }
    }
}
