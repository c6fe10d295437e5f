using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers;

/// <summary>A system that runs.</summary>
/// <param name="System">Which.</param>
/// <param name="Peer">Its processes and clients.</param>
/// <param name="Folder">Where it keeps all it stores.</param>
internal sealed record RunningPeer(PeerSystem System, IPeer Peer, string Folder)
{
    /// <summary>Its row where an acknowledgement's promise decides who its rivals are.</summary>
    /// <param name="client">Which of its clients it is.</param>
    /// <param name="clients">How many there are: where it is the only one, it needs no mention.</param>
    /// <param name="isDrivenCheaply">Whether that client costs less than any other system's.</param>
    public TableRow Appender(string client, int clients, bool isDrivenCheaply) =>
        System.Row(System.AppendClass) with { Name = NameOf(client, clients), IsDrivenCheaply = isDrivenCheaply };

    /// <summary>Its row where only the number of nodes does.</summary>
    public TableRow Reader(string client, int clients, bool isDrivenCheaply) =>
        System.Row(System.NodeClass) with { Name = NameOf(client, clients), IsDrivenCheaply = isDrivenCheaply };

    private string NameOf(string client, int clients) => clients == 1 ? System.Name : $"{System.Name}, {client}";
}
