using System.CommandLine;
using Dymes.Programs.Configuration;
using Dymes.Programs.Logging;

namespace Dymes.Tools.Options;

/// <summary>What every command takes: a file of settings, and what is logged on standard error and how.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "A YAML file with settings: client.url, client.retry, http.host, http.port, logging.level, logging.format. A node's dymes.yaml will do.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _level = new("--loglevel", "-l")
    {
        Description = "The least level that is logged on standard error: fine, debug (requests and retries), info, warn (the default), err, fatal.",
        HelpName = "LEVEL",
        Recursive = true,
    };

    private readonly Option<string?> _format = new("--logformat", "-r") { Description = "How it is logged there: text or json.", HelpName = "FORMAT", Recursive = true };

    public GlobalOptions()
    {
        _level.AcceptOnlyFromAmong("fine", "debug", "info", "warn", "err", "fatal");
        _format.AcceptOnlyFromAmong("text", "json");
    }

    public void AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_level);
        command.Add(_format);
    }

    /// <summary>The settings: those of the file, and over them what the command line says.</summary>
    public ToolSettings Read(ParseResult parsed)
    {
        var sources = new List<SettingsSource>();
        if (parsed.GetValue(_config) is { } path)
        {
            sources.Add(SettingsSource.OfYaml(path));
        }

        var settings = SettingsReader.Read<ToolSettings>(sources, ServerKeys.All);
        settings.Logging.Level = parsed.GetValue(_level) is { } level ? Enum.Parse<LoggingLevel>(level, ignoreCase: true) : settings.Logging.Level;
        settings.Logging.Format = parsed.GetValue(_format) is { } format ? Enum.Parse<LoggingFormat>(format, ignoreCase: true) : settings.Logging.Format;
        return settings;
    }
}
