using Dymes.Benchmarks.Peers.Etcd;
using Dymes.Benchmarks.Peers.Http;
using Dymes.Benchmarks.Peers.Nats;
using Dymes.Benchmarks.Peers.Postgres;
using Dymes.Benchmarks.Peers.Redis;
using Dymes.Benchmarks.Peers.Shapes;
using Dymes.Benchmarks.Peers.SiloPeers;

namespace Dymes.Benchmarks.Peers;

/// <summary>What a run is about.</summary>
/// <param name="Systems">In their order.</param>
/// <param name="Shapes">In their order.</param>
internal sealed record PeerSelection(IReadOnlyList<PeerSystem> Systems, IReadOnlyList<IShape> Shapes)
{
    private static readonly PeerSystem[] Known = [OneSilo.System, ThreeSilos.System, .. EtcdSystem.All, .. PostgresSystem.All, RedisSystem.Stream, .. NatsSystem.All, EmptyServer.System];

    // What can be held against each other stands together: first by its nodes, then by what an acknowledgement promises.
    private static IReadOnlyList<PeerSystem> AllSystems { get; } =
        [.. Known.OrderBy(system => system.Scope == PeerScope.Floor).ThenByDescending(system => system.Nodes).ThenByDescending(system => system.IsFlushed)];

    private static IReadOnlyList<IShape> AllShapes =>
        [AppendShapes.Singles, AppendShapes.Bodies, AppendShapes.Batches, new ReadShape(), new RestartShape(), new KillShape()];

    /// <summary>Words that each choose the systems, or else the shapes, whose names contain them; where none chooses a system, all are meant, and likewise with shapes.</summary>
    /// <param name="words">With commas between them; nothing chooses everything.</param>
    /// <exception cref="ArgumentException">A word chooses nothing.</exception>
    public static PeerSelection Parse(string words)
    {
        var systems = new HashSet<string>();
        var shapes = new HashSet<string>();
        foreach (var word in words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] named = [.. Named(AllSystems.Select(system => system.Name), word)];
            string[] shaped = [.. Named(AllShapes.Select(shape => shape.Name), word)];
            systems.UnionWith(named);
            shapes.UnionWith(shaped);
            if (named.Length + shaped.Length == 0)
            {
                throw new ArgumentException(
                    $"--only {word}: nothing is called that. Systems: {string.Join("; ", AllSystems.Select(system => system.Name))}. Shapes: {string.Join("; ", AllShapes.Select(shape => shape.Name))}.");
            }
        }

        return new PeerSelection(
            [.. AllSystems.Where(system => systems.Count == 0 || systems.Contains(system.Name))], [.. AllShapes.Where(shape => shapes.Count == 0 || shapes.Contains(shape.Name))]);
    }

    private static IEnumerable<string> Named(IEnumerable<string> names, string word) => names.Where(name => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
