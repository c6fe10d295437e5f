using Dymes.Architecture.Tests.Rules;

namespace Dymes.Architecture.Tests;

public sealed class FileTests(ITestOutputHelper output)
{
    [Fact]
    public void No_file_is_too_long()
    {
        foreach (var part in Repository.Sources.GroupBy(file => file.IsTest ? "tests" : "product"))
        {
            var lines = part.Select(file => file.Lines).Order().ToArray();
            output.WriteLine($"{part.Key}: {lines.Length} files, {lines.Sum()} lines, median {lines[lines.Length / 2]}, p95 {lines[lines.Length * 95 / 100]}, longest {lines[^1]}");
        }

        RuleAssert.Holds(Repository.Sources.SelectMany(FileRules.TooLong), "Find the second idea in the file.");
    }

    [Fact]
    public void No_folder_is_a_drawer() => RuleAssert.Holds(Repository.Files.SelectMany(FileRules.Drawer), "Put each file with the idea that it serves.");

    [Fact]
    public void No_file_has_regions() => RuleAssert.Holds(Repository.Sources.SelectMany(FileRules.Regions), "Where a region seems useful, a type is missing.");

    [Fact]
    public void No_warning_is_switched_off_without_a_reason() =>
        RuleAssert.Holds(Repository.Sources.SelectMany(FileRules.UnexplainedSuppressions), "Say why, in the same line.");

    [Fact]
    public void No_code_is_for_debug_builds_only() => RuleAssert.Holds(Repository.Sources.SelectMany(FileRules.DebugOnly), "Test what runs.");

    [Theory]
    [InlineData("lib/A.cs", 600, 0)]
    [InlineData("lib/A.cs", 601, 1)]
    [InlineData("test/A.cs", 900, 0)]
    [InlineData("test/A.cs", 901, 1)]
    public void The_rule_on_length_counts_lines(string path, int lines, int expected) =>
        Assert.Equal(expected, FileRules.TooLong(new SourceFile(path, new string('\n', lines))).Count());

    [Theory]
    [InlineData("lib/Dymes.Engine/Helpers/A.cs", 1)]
    [InlineData("lib/Dymes.Common/A.cs", 0)]
    [InlineData("lib/Dymes.Engine/Queries/Helpers.cs", 0)]
    public void The_rule_on_folders_finds_drawers(string path, int expected) => Assert.Equal(expected, FileRules.Drawer(path).Count());

    [Theory]
    [InlineData("#region A\nclass A;\n#endregion", 1)]
    [InlineData("// #region A\nclass A { string s = \"#region\"; }", 0)]
    public void The_rule_on_regions_finds_them(string code, int expected) => Assert.Equal(expected, FileRules.Regions(new SourceFile("A.cs", code)).Count());

    [Theory]
    [InlineData("#pragma warning disable RS0030\nclass A;", 1)]
    [InlineData("#pragma warning disable RS0030 // the probe measures the real clock\nclass A;\n#pragma warning restore RS0030", 0)]
    [InlineData("[SuppressMessage(\"A\", \"B\")] class A;", 1)]
    [InlineData("[SuppressMessage(\"A\", \"B\", Justification = \"C\")] class A;", 0)]
    public void The_rule_on_suppressions_wants_a_reason(string code, int expected) =>
        Assert.Equal(expected, FileRules.UnexplainedSuppressions(new SourceFile("A.cs", code)).Count());

    [Theory]
    [InlineData("#if DEBUG\nclass A;\n#endif", 1)]
    [InlineData("class A { string s = \"DEBUG\"; }", 0)]
    public void The_rule_on_debug_code_finds_it(string code, int expected) => Assert.Equal(expected, FileRules.DebugOnly(new SourceFile("A.cs", code)).Count());
}
