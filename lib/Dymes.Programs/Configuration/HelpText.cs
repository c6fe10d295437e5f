namespace Dymes.Programs.Configuration;

/// <summary>What a server prints for <c>--help</c>: how it is used, and every setting.</summary>
public static class HelpText
{
    /// <summary>The text.</summary>
    public static string Of<TSettings>(string program, string purpose)
        where TSettings : new()
    {
        var settings = Setting.AllOf<TSettings>();
        var width = settings.Max(setting => setting.Key.Length + setting.Default.Length) + 4;
        return $"""
            {program}: {purpose}

            Usage: {program} [--config FILE] [--key=value ...] [--until-input-ends] [--help] [--version]
            Settings come from dymes.yaml (or FILE), then the environment (Dymes__Store__DataPath), then the command line; the last one wins.
            With --until-input-ends it stops, as it does when it is told to, when its standard input ends: whoever starts it so cannot leave it behind.

            {string.Join(Environment.NewLine, settings.Select(setting => $"  --{$"{setting.Key}={setting.Default}".PadRight(width)}{setting.Range}"))}
            """;
    }
}
