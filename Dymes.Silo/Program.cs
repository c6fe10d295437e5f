using Dymes.Hosting.Logging;
using Dymes.Hosting.Operating;
using Dymes.Programs;
using Dymes.Programs.Configuration;
using Dymes.Silo;
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
    using var logging = LoggerFactory.Create(builder => builder.UseDymes(settings.Logging));

    // The engine outlives the servers before it: an append that they took is answered before its files are closed.
    await using var engine = NodeEngine.Open(settings, logging);
    await using var app = NodeApplication.Build(settings, engine);
    await app.StartAsync();
    Banner.Show(app, settings, engine);
    await app.WaitForShutdownAsync();
});
