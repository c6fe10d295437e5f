using Dymes.Gateway;
using Dymes.Gateway.Settings;
using Dymes.Hosting.Operating;
using Dymes.Programs;
using Dymes.Programs.Configuration;

var fatal = new FatalError("dymes-gateway");
return await fatal.GuardAsync(async () =>
{
    var command = CommandLine.Parse(args);
    if (command.WantsHelp || command.WantsVersion)
    {
        Console.WriteLine(command.WantsHelp
            ? HelpText.Of<GatewaySettings>("dymes-gateway", "an HTTP front door of Dymes, apart from the storage nodes")
            : ProgramVersion.Of<GatewaySettings>());
        return;
    }

    var settings = SettingsReader.Read<GatewaySettings>(command.Sources(Environment.GetEnvironmentVariables()));
    fatal.Logging = settings.Logging;
    await using var app = GatewayApplication.Build(settings);
    var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Dymes");
    log.LogInformation("Configuration: {Settings}", SettingsReader.Describe(settings));
    if (command.EndsWithInput)
    {
        InputEnd.StopAtEnd(app.Lifetime);
    }

    await app.StartAsync();
    log.LogInformation(
        "Dymes gateway {Version}: API at http://{Host}:{Port}, metrics at http://{OpsHost}:{OpsPort}",
        ProgramVersion.Of<GatewaySettings>(), settings.Http.Host, settings.Http.Port, settings.Metrics.Host, settings.Metrics.Port);
    log.LogInformation("Ready.");
    await app.WaitForShutdownAsync();
});
