using System.Diagnostics;

namespace Dymes.Architecture.Tests;

/// <summary>The files that belong to the project, as git sees them: what is committed or could be, and nothing that is ignored.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<string>> LazyFiles = new(ListFiles);
    private static readonly Lazy<IReadOnlyList<SourceFile>> LazySources = new(() => [.. Files.Where(IsSource).Select(SourceFile.Load)]);

    public static string Root { get; } = FindRoot();

    /// <summary>Paths from the root, with slashes.</summary>
    public static IReadOnlyList<string> Files => LazyFiles.Value;

    /// <summary>The C# of the product and its tests; the canary is built to break rules and does not count.</summary>
    public static IReadOnlyList<SourceFile> Sources => LazySources.Value;

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    private static bool IsSource(string file) => file.EndsWith(".cs", StringComparison.Ordinal) && !file.StartsWith("eng/canary/", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Dymes.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"No Dymes.sln above {AppContext.BaseDirectory}: run the tests inside a clone.");
        }

        return directory.FullName;
    }

    private static string[] ListFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"]) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(PathOf(file))).Order(StringComparer.Ordinal)];
    }
}
