namespace Dymes.Benchmarks.Peers;

/// <summary>What the messages of all systems have in common beside their bodies, which are those of <see cref="Micro.SampleMessages"/>.</summary>
internal static class SystemMessages
{
    public const int Channels = 1000;
    public const string Type = "OrderPlaced";
    public const string Tenant = "acme";
}
