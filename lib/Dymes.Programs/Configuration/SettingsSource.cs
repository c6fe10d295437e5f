using System.Collections;
using Dymes.Common;
using YamlDotNet.Core;

namespace Dymes.Programs.Configuration;

/// <summary>A place that says values of settings.</summary>
/// <param name="Name">What it is called in a refusal.</param>
/// <param name="Values">Values by key.</param>
public sealed record SettingsSource(string Name, IReadOnlyDictionary<string, string> Values)
{
    private const string EnvironmentPrefix = "Dymes__";

    /// <summary>A YAML file; keys are nested: <c>store:</c>, below it <c>dataPath: …</c>.</summary>
    /// <exception cref="DymesException">The file is missing, or is no YAML.</exception>
    public static SettingsSource OfYaml(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"The configuration file {full} does not exist. Create it, or leave out --config.") { Field = "config" };
        }

        try
        {
            using var text = File.OpenText(full);
            return new SettingsSource(path, YamlValues.Read(text));
        }
        catch (Exception error) when (error is YamlException or IOException or UnauthorizedAccessException)
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"The configuration file {full} cannot be read{PlaceOf(error)}: {error.Message}", error) { Field = "config" };
        }
    }

    /// <summary>The environment: <c>Dymes__Store__DataPath</c> is <c>store.dataPath</c>.</summary>
    public static SettingsSource OfEnvironment(IDictionary variables) => new(
        "the environment",
        variables.Cast<DictionaryEntry>()
            .Where(entry => ((string)entry.Key).StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(
                entry => ((string)entry.Key)[EnvironmentPrefix.Length..].Replace("__", ".", StringComparison.Ordinal),
                entry => (string?)entry.Value ?? "",
                StringComparer.OrdinalIgnoreCase));

    private static string PlaceOf(Exception error) => error is YamlException yaml ? $" at line {yaml.Start.Line}" : "";
}
