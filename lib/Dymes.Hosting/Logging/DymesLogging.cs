using Dymes.Programs.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Dymes.Hosting.Logging;

/// <summary>Sets up the log of a server: Dymes' own events at the level asked for, those of frameworks from warnings on.</summary>
public static class DymesLogging
{
    // In their names Orleans tells of its hash ring, several lines for each silo that leaves or joins.
    private static readonly string[] GrainServices = ["Dymes.Grains.Replicas.ReplicaService", "Dymes.Grains.Cursors.CursorService"];

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
            logging.AddFilter("Polly", LogLevel.None); // each attempt of Orleans, which tells itself what came of them
            Array.ForEach(GrainServices, service => logging.AddFilter(service, level > LogLevel.Warning ? level : LogLevel.Warning));
        }

        logging.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(TimeProvider.System, new LogLines(settings)));
        return logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
    }
}
