using System.Text.RegularExpressions;

namespace Dymes.Architecture.Tests.Rules;

/// <summary>Rules on what the documents say.</summary>
internal static partial class DocumentRules
{
    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"(?<![\w.])/(?:work|root|home|Users)/\w+")]
    private static partial Regex MachinePath { get; }

    [GeneratedRegex(@"(?<![\w/])\./dev (?<verb>[a-z-]+)")]
    private static partial Regex DevCommand { get; }

    [GeneratedRegex(@"--project (?<path>[\w./-]+)")]
    private static partial Regex ProjectOption { get; }

    /// <summary>Links to files that are not there.</summary>
    public static IEnumerable<string> BrokenLinks(string document, string text, Func<string, bool> exists) =>
        from match in Link.Matches(text)
        let target = match.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':')
        let path = Resolve(document, target)
        where !exists(path)
        select $"{document}: {target} leads nowhere.";

    /// <summary>Paths that exist on somebody's machine only.</summary>
    public static IEnumerable<string> MachinePaths(string file, string text) =>
        from match in MachinePath.Matches(text)
        select $"{file}: {match.Value} is a path of one machine.";

    /// <summary>Commands of <c>dev</c> that it does not know, and projects that are not there.</summary>
    public static IEnumerable<string> UnknownCommands(string document, string text, IReadOnlySet<string> verbs, Func<string, bool> exists) =>
        (from match in DevCommand.Matches(text)
         where !verbs.Contains(match.Groups["verb"].Value)
         select $"{document}: {match.Value} is no command.")
        .Concat(
            from match in ProjectOption.Matches(text)
            where !exists(match.Groups["path"].Value)
            select $"{document}: {match.Value} is no project.");

    private static string Resolve(string document, string target)
    {
        var folder = Path.GetDirectoryName(document) ?? "";
        return Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, target))).Replace('\\', '/');
    }
}
