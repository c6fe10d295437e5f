using System.Collections;
using Dymes.Common;

namespace Dymes.Programs.Configuration;

/// <summary>What a server's command line asks for.</summary>
/// <param name="WantsHelp">Whether it asks for help only.</param>
/// <param name="WantsVersion">Whether it asks for the version only.</param>
/// <param name="EndsWithInput">Whether the process is to stop when its standard input ends, so that whoever started it cannot leave it behind.</param>
/// <param name="ConfigPath">The configuration file it names, or null.</param>
/// <param name="Source">The settings it gives.</param>
public sealed record CommandLine(bool WantsHelp, bool WantsVersion, bool EndsWithInput, string? ConfigPath, SettingsSource Source)
{
    private const string DefaultConfigPath = "dymes.yaml";

    /// <summary>Reads <c>--key=value</c>, <c>--key value</c>, <c>--config FILE</c>, <c>--help</c>, <c>--version</c> and <c>--until-input-ends</c>.</summary>
    /// <exception cref="DymesException">Something is none of these.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var (help, version, endsWithInput) = (false, false, false);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "-h" or "--help":
                    help = true;
                    break;
                case "--version":
                    version = true;
                    break;
                case "--until-input-ends":
                    endsWithInput = true;
                    break;
                case var argument when argument.StartsWith("--", StringComparison.Ordinal):
                    var equals = argument.IndexOf('=');
                    var key = equals < 0 ? argument[2..] : argument[2..equals];
                    values[key] = equals >= 0 ? argument[(equals + 1)..] : ++i < arguments.Count ? arguments[i] : throw Invalid($"--{key} has no value.");
                    break;
                default:
                    throw Invalid($"'{arguments[i]}' is not an option; settings are given as --store.dataPath=DIR.");
            }
        }

        values.Remove("config", out var config);
        return new CommandLine(help, version, endsWithInput, config, new SettingsSource("the command line", values));
    }

    /// <summary>All sources, the weakest first: the configuration file, the environment, the command line.</summary>
    public IEnumerable<SettingsSource> Sources(IDictionary environment)
    {
        if (ConfigPath is not null || File.Exists(DefaultConfigPath))
        {
            yield return SettingsSource.OfYaml(ConfigPath ?? DefaultConfigPath);
        }

        yield return SettingsSource.OfEnvironment(environment);
        yield return Source;
    }

    private static DymesException Invalid(string message) =>
        new(ErrorCode.ConfigurationInvalid, $"{message} Use --help for the list.") { Field = "arguments" };
}
