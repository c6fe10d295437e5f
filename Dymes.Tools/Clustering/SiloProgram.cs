using System.Diagnostics;
using Dymes.Common;

namespace Dymes.Tools.Clustering;

/// <summary>Finds the program of a storage node, and starts it.</summary>
internal static class SiloProgram
{
    private const string Name = "dymes-silo";
    private const string ToolProject = "Dymes.Tools";
    private const string SiloProject = "Dymes.Silo";

    /// <summary>The program: the one named, or one beside this tool, on the path, or built from the same sources.</summary>
    /// <exception cref="DymesException">There is none.</exception>
    public static string Find(string? named, Func<string, string?> environment)
    {
        var toolFolder = AppContext.BaseDirectory;
        var built = toolFolder.Replace($"{Path.DirectorySeparatorChar}{ToolProject}{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}{SiloProject}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        string[] folders = [toolFolder, built, .. (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
        var found = named is not null ? (File.Exists(named) ? Path.GetFullPath(named) : null)
            : folders.SelectMany(folder => new[] { Path.Combine(folder, Name), Path.Combine(folder, Name + ".exe"), Path.Combine(folder, Name + ".dll") }).FirstOrDefault(File.Exists);
        return found ?? throw new DymesException(
            ErrorCode.NotFound, named is not null ? $"There is no file {named}." : $"The program {Name} is neither beside this tool nor on the path. Build it (dotnet build Dymes.Silo), or name it with --silo.")
        { Field = "--silo" };
    }

    /// <summary>How to start it with these arguments, its streams in the caller's hands.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        var isLibrary = program.EndsWith(".dll", StringComparison.Ordinal);
        return new ProcessStartInfo(isLibrary ? "dotnet" : program, isLibrary ? [program, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }
}
