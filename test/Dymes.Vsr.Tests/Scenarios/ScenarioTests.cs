namespace Dymes.Vsr.Tests.Scenarios;

/// <summary>What the protocols do, step by step, in scripts that someone who read the paper can follow. DYMES_UPDATE_SCENARIOS=1 writes down what happens now.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Scripts { get; } = new(Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    [Theory]
    [MemberData(nameof(Scripts))]
    public void It_happens_as_it_is_written(string name)
    {
        var file = Path.Combine(Folder, name + ".txt");
        var expected = File.ReadAllText(file);

        var actual = new ScenarioScript().Run(expected);

        if (Environment.GetEnvironmentVariable("DYMES_UPDATE_SCENARIOS") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), name + ".txt"), actual);
        }

        Assert.Equal(expected, actual);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
