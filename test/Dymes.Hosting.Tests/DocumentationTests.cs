using Dymes.Programs.Configuration;
using Dymes.Silo.Settings;
using GatewaySettings = Dymes.Gateway.Settings.GatewaySettings;

namespace Dymes.Hosting.Tests;

/// <summary>What the documentation says of settings is what the program does.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void The_example_names_every_setting_of_a_silo_with_its_default()
    {
        var example = SettingsSource.OfYaml(PathOf("doc/dymes.yaml"));
        Assert.Equal(
            Setting.AllOf<SiloSettings>().Select(setting => $"{setting.Key}={setting.Default}").Order(StringComparer.Ordinal),
            example.Values.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
        SettingsReader.Read<SiloSettings>([example]);
    }

    [Fact]
    public void The_page_on_configuration_has_a_row_for_every_setting()
    {
        var page = File.ReadAllText(PathOf("doc/configuration.md"));
        foreach (var setting in Setting.AllOf<SiloSettings>().Concat(Setting.AllOf<GatewaySettings>()))
        {
            var row = $"| `{setting.Key}` | `{setting.Default}` | {setting.Range} | {setting.Reason} |";
            Assert.True(page.Contains(row, StringComparison.Ordinal), $"doc/configuration.md lacks:\n{row}");
        }
    }

    private static string PathOf(string path)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Dymes.sln")))
        {
            directory = directory.Parent!;
        }

        return Path.Combine(directory.FullName, path);
    }
}
