using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers;

/// <summary>The systems, their versions and how they are set up.</summary>
internal sealed class SystemTable : IReportTable
{
    private readonly IReadOnlyList<PeerSystem> _systems;

    private SystemTable(IReadOnlyList<PeerSystem> systems) => _systems = systems;

    public string Title => "Systems";

    public bool IsEmpty => _systems.Count == 0;

    public static SystemTable Of(IReadOnlyList<PeerSystem> systems) => new(systems);

    public IEnumerable<string> ToLines() =>
    [
        "| system | version | an acknowledgement means | configuration |",
        "|---|---|---|---|",
        .. _systems.Select(system => $"| {system.Name} | {system.Installation.Version} | {system.Durability} | {system.Configuration} |"),
    ];
}
