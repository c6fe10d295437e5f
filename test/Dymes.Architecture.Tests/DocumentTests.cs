using System.Text.RegularExpressions;
using Dymes.Architecture.Tests.Rules;

namespace Dymes.Architecture.Tests;

public sealed class DocumentTests
{
    private const int RootEntriesMax = 25;
    private const int DesignLinesMax = 130;
    private static readonly string[] TextEndings = [".cs", ".md", ".csproj", ".props", ".targets", ".yaml", ".yml", ".sh", ".json", ".lua", ".txt", ".svg"];

    private static IEnumerable<string> Documents => Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Links_between_documents_lead_somewhere() => RuleAssert.Holds(
        Documents.SelectMany(file => DocumentRules.BrokenLinks(file, Repository.Read(file), Exists)), "Repair the links.");

    [Fact]
    public void No_file_names_a_path_of_one_machine() => RuleAssert.Holds(
        Repository.Files
            .Where(file => TextEndings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)) || Path.GetExtension(file).Length == 0)
            .Where(file => file != "test/Dymes.Architecture.Tests/DocumentTests.cs")
            .SelectMany(file => DocumentRules.MachinePaths(file, Repository.Read(file))),
        "Say it relative to the repository, or as an option.");

    [Fact]
    public void The_commands_that_documents_name_exist()
    {
        var verbs = Regex.Matches(Repository.Read("dev"), "^  ([a-z]+)\\)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Contains("build", verbs);
        RuleAssert.Holds(
            Documents.SelectMany(file => DocumentRules.UnknownCommands(file, Repository.Read(file), verbs, Exists)), "Repair the document, or dev.");
    }

    [Fact]
    public void Every_library_has_a_design_of_two_pages_at_most()
    {
        var libraries = Repository.Files.Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).Select(file => file.Split('/')[1]).Distinct();
        RuleAssert.Holds(
            libraries.Select(library => $"lib/{library}/DESIGN.md").Where(file => !Exists(file) || Repository.Read(file).Split('\n').Length > DesignLinesMax),
            $"Write down purpose, invariant and why not the obvious alternative, in at most {DesignLinesMax} lines.");
    }

    [Fact]
    public void The_root_stays_small()
    {
        var entries = Repository.Files.Select(file => file.Split('/')[0]).Distinct().ToList();
        Assert.True(entries.Count < RootEntriesMax, $"The root has {entries.Count} entries: {string.Join(' ', entries)}");
    }

    [Theory]
    [InlineData("doc/a.md", "[b](b.md)", 0)]
    [InlineData("doc/a.md", "[b](../b.md#top) [c](https://example.org/x) [d](#here)", 1)]
    [InlineData("README.md", "[b](doc/missing.md)", 1)]
    public void The_rule_on_links_finds_broken_ones(string document, string text, int expected) =>
        Assert.Equal(expected, DocumentRules.BrokenLinks(document, text, path => path == "doc/b.md").Count());

    [Theory]
    [InlineData("see /home/alice/dymes", 1)]
    [InlineData("see /root/x and /work/y", 2)]
    [InlineData("GET /api/v1/work/items, doc/home/page, http://h/work/x", 0)]
    public void The_rule_on_paths_finds_those_of_one_machine(string text, int expected) => Assert.Equal(expected, DocumentRules.MachinePaths("README.md", text).Count());

    [Theory]
    [InlineData("run `./dev dance`", 1)]
    [InlineData("run `./dev build` and `dotnet run --project Dymes.Nothing`", 1)]
    [InlineData("run `./dev build` and `dotnet run --project Dymes.Silo`", 0)]
    public void The_rule_on_commands_finds_unknown_ones(string text, int expected) =>
        Assert.Equal(expected, DocumentRules.UnknownCommands("README.md", text, new HashSet<string> { "build" }, path => path == "Dymes.Silo").Count());

    private static bool Exists(string path) => File.Exists(Repository.PathOf(path)) || Directory.Exists(Repository.PathOf(path));
}
