namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>The loads that append.</summary>
internal static class AppendShapes
{
    private const int Kibibyte = 1024;

    /// <summary>Clients that each wait for the answer to one message.</summary>
    public static IShape Singles { get; } = new AppendShape(
        "Single appends",
        "Each client sends a message, waits for its answer and sends the next. All clients of a system share its library, where it is one: StackExchange.Redis and NATS.Net send what comes at once as one stream of commands, DymesClient as one request for all that came while its others were under way; HttpClient and wrk send a request each.",
        peer => peer.Singles,
        pace => pace.Singles,
        [.. new[] { 1, 16, 64, 256 }.Select(clients => (clients == 1 ? "1 client" : $"{clients} clients", new AppendLoad(clients, 1, Kibibyte)))])
    { ShowsFloor = true };

    /// <summary>Bodies of several sizes.</summary>
    public static IShape Bodies { get; } = new AppendShape(
        "Bodies of other sizes",
        "64 clients that each wait for the answer to one message. 1 KiB, in the same run, stands in the table of single appends.",
        peer => peer.Singles,
        pace => pace.Singles,
        [("128 B", new AppendLoad(64, 1, 128)), ("16 KiB", new AppendLoad(64, 1, 16 * Kibibyte))]);

    /// <summary>Many messages at once.</summary>
    public static IShape Batches { get; } = new AppendShape(
        "Batches and pipelines",
        "Each client sends so many messages at once and waits until all are acknowledged. The time is that of the whole batch.",
        peer => peer.Batches,
        pace => pace.Batches,
        [("1 client × 100", new AppendLoad(1, 100, Kibibyte)), ("8 clients × 100", new AppendLoad(8, 100, Kibibyte)), ("4 clients × 1,000", new AppendLoad(4, 1000, Kibibyte))])
    { FillsDisk = true };
}
