using Dymes.Architecture.Tests.Rules;

namespace Dymes.Architecture.Tests;

public sealed class ReferenceTests
{
    private static readonly string[] AspNetProjects = ["Dymes.Gateway", "Dymes.Hosting", "Dymes.Http", "Dymes.Silo"];

    private static IReadOnlyList<ProjectFile> Product { get; } =
    [
        .. Repository.Files
            .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && !file.StartsWith("test/", StringComparison.Ordinal) && !file.StartsWith("eng/", StringComparison.Ordinal))
            .Select(file => ProjectFile.Parse(file, Repository.Read(file))),
    ];

    [Fact]
    public void Projects_reference_only_what_the_table_allows()
    {
        Assert.True(Product.Count >= 10, $"Only {Product.Count} projects were found: the rule looks in the wrong place.");
        RuleAssert.Holds(ReferenceTable.Violations(Product), "Change the reference, or the table and doc/architecture.md with a reason in doc/adr.");
    }

    [Fact]
    public void Only_the_front_doors_use_AspNet()
    {
        var users = Product.Where(project => ProjectFile.UsesAspNet(Repository.Read(project.Path))).Select(project => project.Name);
        Assert.Equal(AspNetProjects, users.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_solution_names_every_project()
    {
        var solution = Repository.Read("Dymes.sln").Replace('\\', '/');
        var missing = Repository.Files
            .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && !file.StartsWith("eng/", StringComparison.Ordinal))
            .Where(file => !solution.Contains($"\"{file}\"", StringComparison.Ordinal));
        RuleAssert.Holds(missing, "Run `dotnet sln add` for these.");
    }

    [Theory]
    [InlineData("lib/Dymes.Message/Dymes.Message.csproj", """<Project><ItemGroup><ProjectReference Include="../Dymes.MessageStore/Dymes.MessageStore.csproj" /></ItemGroup></Project>""", "Dymes.MessageStore")]
    [InlineData("lib/Dymes.MessageStore/Dymes.MessageStore.csproj", """<Project><ItemGroup><PackageReference Include="Microsoft.Orleans.Sdk" /></ItemGroup></Project>""", "Microsoft.Orleans.Sdk")]
    [InlineData("lib/Dymes.Vsr/Dymes.Vsr.csproj", """<Project><ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup></Project>""", "Microsoft.AspNetCore.App")]
    [InlineData("lib/Dymes.Extras/Dymes.Extras.csproj", "<Project />", "not in the reference table")]
    public void The_table_refuses_a_wrong_reference(string path, string xml, string expected)
    {
        var violation = Assert.Single(ReferenceTable.Violations([ProjectFile.Parse(path, xml)]));
        Assert.Contains(expected, violation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_refuses_what_comes_through_another_project()
    {
        ProjectFile[] projects =
        [
            new("Dymes.Gateway/Dymes.Gateway.csproj", ["Dymes.Http"], []),
            new("lib/Dymes.Http/Dymes.Http.csproj", ["Dymes.Engine"], []),
            new("lib/Dymes.Engine/Dymes.Engine.csproj", [], []),
        ];
        Assert.Contains(ReferenceTable.Violations(projects), violation => violation.StartsWith("Dymes.Gateway/", StringComparison.Ordinal) && violation.Contains("Dymes.Engine", StringComparison.Ordinal));
    }
}
