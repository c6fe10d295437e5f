using Dymes.Programs;
using Dymes.Programs.Configuration;
using Dymes.Silo.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dymes.Silo;

/// <summary>What a node says of itself when it has started.</summary>
internal static class Banner
{
    public static void Show(WebApplication app, SiloSettings settings, NodeLog log)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Dymes");
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        logger.LogInformation("Configuration: {Settings}", SettingsReader.Describe(settings));
        logger.LogInformation(
            "Dymes {Version}: {Messages} messages in {DataPath}; metrics and dashboard at {Ops}, API at {Api}",
            ProgramVersion.Of<SiloSettings>(),
            log.Index.Committed,
            Path.GetFullPath(settings.Store.DataPath),
            addresses.First(),
            settings.Http.Enabled ? addresses.Last() : "(not here)");
        logger.LogInformation("Ready.");
    }
}
