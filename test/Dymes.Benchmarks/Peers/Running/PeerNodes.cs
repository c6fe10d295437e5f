namespace Dymes.Benchmarks.Peers.Running;

/// <summary>The nodes of a system of somebody else's: processes side by side, one directory each.</summary>
internal sealed class PeerNodes(IReadOnlyList<PeerProcess> nodes, string folder, IReadOnlyList<string> directories) : IAsyncDisposable
{
    public IReadOnlyList<PeerProcess> All => nodes;

    public IReadOnlyList<string> Directories => directories;

    public IReadOnlyList<int> Processes => [.. nodes.Select(node => node.Id)];

    /// <summary>Makes a directory for each node and its process, and starts none.</summary>
    /// <param name="folder">What goes when the nodes go.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="command">The command of the node of a number, over its directory.</param>
    public static PeerNodes Create(string folder, int count, Func<int, string, IReadOnlyList<string>> command)
    {
        string[] directories = [.. Enumerable.Range(0, count).Select(number => Directory.CreateDirectory(Path.Combine(folder, $"n{number}")).FullName)];
        return new PeerNodes([.. directories.Select((directory, number) => new PeerProcess(command(number, directory)))], folder, directories);
    }

    public void Start() => nodes.ToList().ForEach(node => node.Start());

    public Task StopAsync() => Task.WhenAll(nodes.Select(node => node.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
