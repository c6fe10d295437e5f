using System.Text;
using System.Text.RegularExpressions;

namespace Dymes.Cluster.Tests.Readme;

/// <summary>A command of a document and what it says the command prints.</summary>
/// <param name="Command">One command, over one line or more.</param>
/// <param name="Output">The lines below it.</param>
internal sealed record ConsoleStep(string Command, string Output)
{
    /// <summary>The steps of all console blocks: a command begins behind a dollar sign and goes on over the lines that are indented.</summary>
    public static IReadOnlyList<ConsoleStep> Parse(string document)
    {
        var steps = new List<ConsoleStep>();
        foreach (Match block in Regex.Matches(document, "^```console\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline))
        {
            foreach (var step in block.Groups[1].Value.Split("\n$ ").Select((text, index) => index == 0 ? text[2..] : text))
            {
                var lines = step.TrimEnd('\n').Split('\n');
                var commandLines = 1 + lines.Skip(1).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)).Count();
                steps.Add(new ConsoleStep(string.Join('\n', lines.Take(commandLines)), string.Join('\n', lines.Skip(commandLines))));
            }
        }

        return steps;
    }

    /// <summary>A script that runs the steps in one shell, with a line of marks behind each one's output.</summary>
    public static string ToScript(IEnumerable<ConsoleStep> steps, string mark)
    {
        var script = new StringBuilder();
        foreach (var step in steps)
        {
            script.Append(step.Command).Append("\nprintf '\\n%s\\n' '").Append(mark).Append("'\n");
        }

        return script.ToString();
    }
}
