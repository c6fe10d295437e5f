namespace Dymes.Vsr.Simulation.Networking;

/// <summary>Which ways between replicas are cut, by how many faults: each direction for itself.</summary>
internal sealed class LinkCuts(int replicas)
{
    private readonly int[] _cuts = new int[replicas * replicas];

    public bool IsCut(int from, int to) => _cuts[(from * replicas) + to] > 0;

    public void Cut(IReadOnlyList<(int From, int To)> ways)
    {
        foreach (var (from, to) in ways)
        {
            _cuts[(from * replicas) + to]++;
        }
    }

    public void Mend(IReadOnlyList<(int From, int To)> ways)
    {
        foreach (var (from, to) in ways)
        {
            var way = (from * replicas) + to;
            _cuts[way] = Math.Max(0, _cuts[way] - 1);
        }
    }

    public void MendAll() => Array.Clear(_cuts);

    /// <summary>Cuts ways so that no mending reaches them.</summary>
    public void CutForGood(IEnumerable<(int From, int To)> ways)
    {
        foreach (var (from, to) in ways)
        {
            _cuts[(from * replicas) + to] = int.MaxValue / 2;
        }
    }
}
