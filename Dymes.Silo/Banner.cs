using Dymes.Engine;
using Dymes.Programs;
using Dymes.Programs.Configuration;
using Dymes.Silo.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dymes.Silo;

/// <summary>What a node says of itself when it has started.</summary>
internal static class Banner
{
    public static void Show(WebApplication app, SiloSettings settings, DymesEngine engine)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Dymes");
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        log.LogInformation("Configuration: {Settings}", SettingsReader.Describe(settings));
        log.LogInformation(
            "Dymes {Version}: {Messages} messages in {DataPath}; metrics and dashboard at {Ops}, API at {Api}",
            ProgramVersion.Of<SiloSettings>(),
            engine.Committed,
            Path.GetFullPath(settings.Store.DataPath),
            addresses.First(),
            settings.Http.Enabled ? addresses.Last() : "(not here)");
        log.LogInformation("Ready.");
    }
}
