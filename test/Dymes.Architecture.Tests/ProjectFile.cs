using System.Xml.Linq;

namespace Dymes.Architecture.Tests;

/// <summary>What a csproj references.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Projects">Names of referenced projects.</param>
/// <param name="Packages">Names of referenced packages and shared frameworks.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    private const string WebSdk = "Microsoft.NET.Sdk.Web";

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public static ProjectFile Parse(string path, string xml)
    {
        var project = XDocument.Parse(xml).Root!;
        return new ProjectFile(
            path,
            [.. Includes(project, "ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes(project, "PackageReference"), .. Includes(project, "FrameworkReference")]);
    }

    /// <summary>Whether ASP.NET is there: by the web SDK, or as a shared framework.</summary>
    public static bool UsesAspNet(string xml) => xml.Contains(WebSdk, StringComparison.Ordinal) || xml.Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal);

    private static IEnumerable<string> Includes(XElement project, string item) =>
        project.Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();
}
