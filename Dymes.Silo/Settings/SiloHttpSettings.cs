using Dymes.Hosting.Operating;
using Dymes.Programs.Configuration;

namespace Dymes.Silo.Settings;

/// <summary>The HTTP front door of a silo, which may do without.</summary>
public sealed class SiloHttpSettings : HttpSettings
{
    /// <summary>Whether the silo has a front door at all.</summary>
    [Setting("one process is a whole node; false where gateways stand before it")]
    public bool Enabled { get; set; } = true;
}
