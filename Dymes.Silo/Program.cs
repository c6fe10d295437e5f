using Dymes.Hosting.Logging;
using Dymes.Hosting.Operating;
using Dymes.MessageStore.Files;
using Dymes.Programs;
using Dymes.Programs.Configuration;
using Dymes.Silo;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;

var fatal = new FatalError("dymes-silo");
return await fatal.GuardAsync(async () =>
{
    var command = CommandLine.Parse(args);
    if (command.WantsHelp || command.WantsVersion)
    {
        Console.WriteLine(command.WantsHelp ? HelpText.Of<SiloSettings>("dymes-silo", "a storage node of Dymes, with its HTTP front door") : ProgramVersion.Of<SiloSettings>());
        return;
    }

    var settings = SettingsReader.Read<SiloSettings>(command.Sources(Environment.GetEnvironmentVariables()));
    fatal.Logging = settings.Logging;
    var seat = NodeSeat.Of(settings.Cluster);
    using var logging = LoggerFactory.Create(builder => builder.UseDymes(settings.Logging));

    NodeIdentity.Claim(settings.Store.DataPath, seat.Group, OsFileSystem.Instance);

    // The log outlives the servers before it: an append that they took is answered before its files are closed.
    await using var log = NodeLog.Open(settings, seat, logging);
    await using var app = NodeApplication.Build(settings, seat, log);
    if (command.EndsWithInput)
    {
        InputEnd.StopAtEnd(app.Lifetime);
    }

    await app.StartAsync();
    Banner.Show(app, settings, log);
    await app.WaitForShutdownAsync();
});
