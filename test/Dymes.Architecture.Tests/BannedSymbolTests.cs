using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Dymes.Architecture.Tests;

/// <summary>The lists of eng/BannedSymbols.*.txt work only if they are wired and every line of them names a symbol that exists: a misspelt one is silently ignored.</summary>
public sealed class BannedSymbolTests
{
    private const string CanaryFile = "eng/canary/Canary.cs";
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_banned_symbol_breaks_the_canarys_build()
    {
        var banned = Lists().SelectMany(ReadList).ToDictionary(line => line.Symbol, line => line.Reason);
        var uses = Repository.Read(CanaryFile).Split('\n')
            .Select((line, index) => (Number: index + 1, Mark: Regex.Match(line, "; // (.*)$").Groups[1].Value))
            .Where(use => use.Mark.Length > 0)
            .ToList();
        Assert.Equal(banned.Keys.Order(StringComparer.Ordinal), uses.Select(use => use.Mark).Order(StringComparer.Ordinal));

        using var scratch = new ScratchDirectory();
        var (exitCode, output) = await DotnetAsync("build", "eng/canary/Canary.csproj", "--artifacts-path", scratch.Path, "--nologo", "-p:UseSharedCompilation=false");

        Assert.NotEqual(0, exitCode);
        RuleAssert.Holds(
            uses.Where(use => !Regex.IsMatch(output, $@"Canary\.cs\({use.Number},\d+\): error RS0030: .*{Regex.Escape(banned[use.Mark])}")).Select(use => use.Mark),
            $"The analyzer did not report these:{Environment.NewLine}{output}");
    }

    [Theory]
    [InlineData("lib/Dymes.Message/Dymes.Message.csproj", "Clock")]
    [InlineData("lib/Dymes.MessageStore/Dymes.MessageStore.csproj", "Clock")]
    [InlineData("lib/Dymes.Engine/Dymes.Engine.csproj", "Clock")]
    [InlineData("lib/Dymes.Vsr/Dymes.Vsr.csproj", "Clock", "Core")]
    [InlineData("Dymes.Grains/Dymes.Grains.csproj", "Clock")]
    [InlineData("test/Dymes.Testing/Dymes.Testing.csproj", "Clock", "Sleep")]
    [InlineData("test/Dymes.Engine.Tests/Dymes.Engine.Tests.csproj", "Clock", "Sleep")]
    public async Task The_lists_and_the_analyzer_are_wired(string project, params string[] lists)
    {
        var (exitCode, output) = await DotnetAsync("msbuild", project, "-getItem:AdditionalFiles", "-getItem:PackageReference", "-getProperty:TreatWarningsAsErrors");

        Assert.Equal(0, exitCode);
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", output, StringComparison.Ordinal);
        Assert.Contains("\"TreatWarningsAsErrors\": \"true\"", output, StringComparison.Ordinal);
        Assert.All(lists, list => Assert.Contains($"BannedSymbols.{list}.txt", output, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Lists() => Repository.Files.Where(file => Regex.IsMatch(file, @"^eng/BannedSymbols\.\w+\.txt$"));

    private static IEnumerable<(string Symbol, string Reason)> ReadList(string file) =>
        Repository.Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(';', 2)).Select(parts => (parts[0], parts[1]));

    private static async Task<(int ExitCode, string Output)> DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var dotnet = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(BuildDeadline);
        var output = await dotnet.StandardOutput.ReadToEndAsync(deadline.Token);
        await dotnet.WaitForExitAsync(deadline.Token);
        return (dotnet.ExitCode, output);
    }
}
