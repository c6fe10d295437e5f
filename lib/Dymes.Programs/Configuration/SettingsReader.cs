using Dymes.Common;

namespace Dymes.Programs.Configuration;

/// <summary>Makes a settings object of what its sources say: later sources win, unknown keys and unusable values are refused.</summary>
public static class SettingsReader
{
    /// <summary>Reads the settings from sources, the weakest first.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="foreignKeys">Keys that are another program's, where one file serves both: they are passed over.</param>
    /// <exception cref="DymesException">A key is unknown or a value unusable; the message says which, where, and what it may be.</exception>
    public static TSettings Read<TSettings>(IEnumerable<SettingsSource> sources, IReadOnlyCollection<string>? foreignKeys = null)
        where TSettings : new()
    {
        var known = Setting.AllOf<TSettings>().ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);
        var others = new HashSet<string>(foreignKeys ?? [], StringComparer.OrdinalIgnoreCase);
        var settings = new TSettings();
        foreach (var source in sources)
        {
            foreach (var (key, value) in source.Values)
            {
                if (known.TryGetValue(key, out var setting))
                {
                    setting.Set(settings, value, source.Name);
                }
                else if (!others.Contains(key))
                {
                    throw Unknown(key, source.Name, known.Keys.Concat(others));
                }
            }
        }

        return settings;
    }

    /// <summary>The settings in one line, for the log.</summary>
    public static string Describe<TSettings>(TSettings settings)
        where TSettings : notnull, new() => string.Join(' ', Setting.AllOf<TSettings>().Select(setting => $"{setting.Key}={setting.ShownIn(settings)}"));

    private static DymesException Unknown(string key, string source, IEnumerable<string> known)
    {
        var nearest = known.MinBy(candidate => (Spelling.Distance(key, candidate), candidate))!;
        return new DymesException(
            ErrorCode.ConfigurationInvalid, $"There is no setting '{key}' (in {source}). Did you mean '{nearest}'? All settings are in doc/configuration.md.")
        { Field = key };
    }
}
