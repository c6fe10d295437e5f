namespace Dymes.Benchmarks.Peers;

/// <summary>Whether a system can be started on this machine.</summary>
/// <param name="Version">What it calls itself; null where it is not there.</param>
/// <param name="HowToInstall">What to do where it is not there.</param>
internal sealed record Installation(string? Version, string HowToInstall)
{
    /// <summary>Asks a program for its version.</summary>
    public static Installation Of(string? program, string howToInstall, params string[] versionArguments) =>
        new(program is null ? null : Load.Machine.Run(program, versionArguments).Split('\n')[0], howToInstall);

    /// <summary>The path of a program, or null where it is not installed.</summary>
    public static string? Find(string program, params IEnumerable<string> directories) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", .. directories]).Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
