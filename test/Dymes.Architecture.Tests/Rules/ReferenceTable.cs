namespace Dymes.Architecture.Tests.Rules;

/// <summary>What a project may reference; doc/architecture.md gives the reasons.</summary>
/// <param name="Projects">The projects, by name.</param>
/// <param name="Packages">The packages and shared frameworks; a trailing star stands for any ending.</param>
internal sealed record AllowedReferences(string[] Projects, string[] Packages)
{
    public bool AllowsPackage(string name) => Packages.Any(allowed =>
        allowed.EndsWith('*') ? name.StartsWith(allowed[..^1], StringComparison.Ordinal) : name == allowed);
}

/// <summary>The reference table of doc/architecture.md. A project that is not in it does not pass: adding one is a decision.</summary>
internal static class ReferenceTable
{
    private const string Logging = "Microsoft.Extensions.Logging.Abstractions";
    private const string AspNet = "Microsoft.AspNetCore.App";

    public static IReadOnlyDictionary<string, AllowedReferences> Rows { get; } = new Dictionary<string, AllowedReferences>
    {
        ["Dymes.Common"] = new([], ["System.IO.Hashing"]),
        ["Dymes.Message"] = new(["Dymes.Common"], []),
        ["Dymes.MessageStore"] = new(["Dymes.Message", "Dymes.Common"], [Logging]),
        ["Dymes.Engine"] = new(["Dymes.MessageStore", "Dymes.Message", "Dymes.Common"], [Logging]),
        ["Dymes.Vsr"] = new(["Dymes.Common"], []),
        ["Dymes.Vsr.Simulation"] = new(["Dymes.Vsr", "Dymes.Common"], []),
        ["Dymes.Replication"] = new(["Dymes.Vsr", "Dymes.Engine", "Dymes.MessageStore", "Dymes.Message", "Dymes.Common"], [Logging]),
        ["Dymes.Http"] = new(["Dymes.Message", "Dymes.Common"], [AspNet, "Microsoft.AspNetCore.OpenApi", "Scalar.AspNetCore"]),
        ["Dymes.Client"] = new(["Dymes.Message", "Dymes.Common"], [Logging, "Microsoft.Extensions.Http"]),
        ["Dymes.Programs"] = new(["Dymes.Common"], [Logging, "YamlDotNet"]),
        ["Dymes.Hosting"] = new(["Dymes.Programs", "Dymes.Http", "Dymes.Common"], [AspNet, "prometheus-net*"]),
        ["Dymes.Membership"] = new(["Dymes.Programs", "Dymes.Message", "Dymes.Common"], ["Microsoft.Orleans.*", "Npgsql"]),
        ["Dymes.Grains.Abstractions"] = new(["Dymes.Message", "Dymes.Common"], ["Microsoft.Orleans.Sdk"]),
        ["Dymes.Grains"] = new(
            ["Dymes.Grains.Abstractions", "Dymes.Replication", "Dymes.Engine", "Dymes.MessageStore", "Dymes.Vsr", "Dymes.Message", "Dymes.Common"],
            ["Microsoft.Orleans.*", Logging]),
        ["Dymes.Silo"] = new(
            ["Dymes.Grains", "Dymes.Grains.Abstractions", "Dymes.Membership", "Dymes.Http", "Dymes.Hosting", "Dymes.Programs", "Dymes.Replication", "Dymes.Engine", "Dymes.MessageStore", "Dymes.Vsr", "Dymes.Message", "Dymes.Common"],
            ["Microsoft.Orleans.*", "Scalar.AspNetCore", "Microsoft.AspNetCore.OpenApi"]),
        ["Dymes.Gateway"] = new(
            ["Dymes.Http", "Dymes.Hosting", "Dymes.Programs", "Dymes.Membership", "Dymes.Grains.Abstractions", "Dymes.Message", "Dymes.Common"],
            ["Microsoft.Orleans.Client", "Scalar.AspNetCore", "Microsoft.AspNetCore.OpenApi"]),
        ["Dymes.Tools"] = new(
            ["Dymes.Client", "Dymes.Programs", "Dymes.Engine", "Dymes.MessageStore", "Dymes.Message", "Dymes.Common", "Dymes.Vsr.Simulation"],
            ["System.CommandLine", "HdrHistogram", Logging]),
    };

    /// <summary>The references of these projects that the table does not allow, directly or through another project.</summary>
    public static IEnumerable<string> Violations(IReadOnlyCollection<ProjectFile> projects)
    {
        var byName = projects.ToDictionary(project => project.Name);
        foreach (var project in projects)
        {
            if (!Rows.TryGetValue(project.Name, out var allowed))
            {
                yield return $"{project.Path}: the project is not in the reference table.";
                continue;
            }

            foreach (var package in project.Packages.Where(package => !allowed.AllowsPackage(package)))
            {
                yield return $"{project.Path}: may not reference package {package}.";
            }

            foreach (var reached in Closure(project, byName).Where(reached => !MayReach(project.Name, reached)))
            {
                yield return $"{project.Path}: may not reference {reached}, be it through another project.";
            }
        }
    }

    private static bool MayReach(string project, string reached) => MayReach(project, reached, []);

    private static bool MayReach(string project, string reached, HashSet<string> seen) =>
        Rows.TryGetValue(project, out var allowed)
        && seen.Add(project)
        && (allowed.Projects.Contains(reached) || allowed.Projects.Any(next => MayReach(next, reached, seen)));

    private static HashSet<string> Closure(ProjectFile project, Dictionary<string, ProjectFile> byName)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(project.Projects);
        while (open.TryDequeue(out var name))
        {
            if (reached.Add(name) && byName.TryGetValue(name, out var next))
            {
                next.Projects.ToList().ForEach(open.Enqueue);
            }
        }

        return reached;
    }
}
