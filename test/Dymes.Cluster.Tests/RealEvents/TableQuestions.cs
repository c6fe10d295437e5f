using System.Diagnostics;
using System.Globalization;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>The questions to a log, answered from the table by awk, sort and uniq: nothing here is shared with the product.</summary>
internal sealed class TableQuestions(string table)
{
    private const string OldestFirst = "LC_ALL=C sort";

    public IReadOnlyList<string> InTimeOrder() => Run($"cut -f1 \"$TABLE\" | {OldestFirst}");

    public IReadOnlyList<string> Between(long fromMilliseconds, long toMilliseconds) =>
        Run($"awk -F'\\t' -v from=$FROM -v to=$TO '$2 >= from && $2 <= to {{ print $1 }}' \"$TABLE\" | {OldestFirst}", ("FROM", Text(fromMilliseconds)), ("TO", Text(toMilliseconds)));

    public IReadOnlyList<string> InChannel(string channel) => Run("awk -F'\\t' '$3 == ENVIRON[\"CHANNEL\"] { print $1 }' \"$TABLE\"", ("CHANNEL", channel));

    public IReadOnlyList<string> OfKindInChannel(string channel, string kind) =>
        Run("awk -F'\\t' '$3 == ENVIRON[\"CHANNEL\"] && $5 == ENVIRON[\"KIND\"] { print $1 }' \"$TABLE\"", ("CHANNEL", channel), ("KIND", kind));

    /// <summary>Lines of a count, a space and a channel's name, in the order of the names.</summary>
    public IReadOnlyList<string> ChannelSizes() => Run("cut -f3 \"$TABLE\" | LC_ALL=C sort | uniq -c | sed 's/^ *//'");

    public IReadOnlyList<string> Ancestors(string id) =>
        Run("awk -F'\\t' '{ parent[$1] = $4 } END { id = ENVIRON[\"ID\"]; while (id != \"\") { print id; id = parent[id] } }' \"$TABLE\"", ("ID", id));

    // Parents stand before their children in the table, so one pass finds the whole tree.
    public IReadOnlyList<string> Descendants(string id) =>
        Run("awk -F'\\t' '$1 == ENVIRON[\"ID\"] || ($4 in tree) { tree[$1] = 1; print $1 }' \"$TABLE\"", ("ID", id));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string[] Run(string pipeline, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-ec", pipeline]) { RedirectStandardOutput = true };
        start.Environment["TABLE"] = table;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"The check itself failed: {pipeline}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
