using Dymes.Programs.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Dymes.Hosting.Logging;

/// <summary>Sets up the log of a server: Dymes' own events at the level asked for, those of frameworks from warnings on.</summary>
public static class DymesLogging
{
    /// <summary>Replaces whatever logging was set up.</summary>
    public static ILoggingBuilder UseDymes(this ILoggingBuilder logging, LoggingSettings settings)
    {
        var level = (LogLevel)settings.Level;
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.Level <= LoggingLevel.Debug || level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("Dymes", level);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // at any other level each request gets an activity and a scope, whether they are shown or not

        // A host that stops says so itself, and a call that its caller gave up is no news.
        if (settings.Level > LoggingLevel.Debug)
        {
            logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Error);
            logging.AddFilter("Orleans", level > LogLevel.Error ? level : LogLevel.Error);
        }

        logging.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(TimeProvider.System, new LogLines(settings)));
        return logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
    }
}
