using Dymes.Hosting.Operating;
using Dymes.Programs.Logging;

namespace Dymes.Silo.Settings;

/// <summary>The settings of a storage silo, section by section.</summary>
public sealed class SiloSettings
{
    public StoreSettings Store { get; } = new();

    public EngineSettings Engine { get; } = new();

    public SiloHttpSettings Http { get; } = new();

    public OpsSettings Metrics { get; } = new();

    public ClusterSettings Cluster { get; } = new();

    public CursorSettings Cursors { get; } = new();

    public LoggingSettings Logging { get; } = new();
}
