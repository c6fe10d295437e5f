using Dymes.Hosting.Configuration;
using Dymes.Hosting.Logging;
using Dymes.Hosting.Operating;
using Dymes.Silo;
using Dymes.Silo.Settings;

return await FatalError.GuardAsync("dymes-silo", async () =>
{
    var command = CommandLine.Parse(args);
    if (command.WantsHelp || command.WantsVersion)
    {
        Console.WriteLine(command.WantsHelp ? HelpText.Of<SiloSettings>("dymes-silo", "a storage node of Dymes, with its HTTP front door") : ProgramVersion.Of<SiloSettings>());
        return;
    }

    var settings = SettingsReader.Read<SiloSettings>(command.Sources(Environment.GetEnvironmentVariables()));
    using var logging = LoggerFactory.Create(builder => builder.UseDymes(settings.Logging));

    // The engine outlives the servers before it: an append that they took is answered before its files are closed.
    await using var engine = NodeEngine.Open(settings, logging);
    await using var app = NodeApplication.Build(settings, engine);
    await app.StartAsync();
    Banner.Show(app, settings, engine);
    await app.WaitForShutdownAsync();
});
