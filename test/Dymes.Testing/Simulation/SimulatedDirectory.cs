namespace Dymes.Testing.Simulation;

/// <summary>A directory's names: as the process sees them, as they are on the platter, and the changes between the two, in order.</summary>
internal sealed class SimulatedDirectory
{
    private readonly List<SortedDictionary<string, SimulatedFile>> _states = [Empty()];

    public IEnumerable<string> Names => Seen.Keys;

    public IEnumerable<SimulatedFile> Files => Seen.Values;

    private SortedDictionary<string, SimulatedFile> Seen => _states[^1];

    public SimulatedFile? Find(string name) => Seen.GetValueOrDefault(name);

    public SimulatedFile Create(string name)
    {
        var file = new SimulatedFile();
        Change(names => names[name] = file);
        return file;
    }

    public void Rename(string from, string to) => Change(names =>
    {
        names[to] = names[from];
        names.Remove(from);
    });

    public void Delete(string name) => Change(names => names.Remove(name));

    public void Flush() => _states.RemoveRange(0, _states.Count - 1);

    public SimulatedDirectory After(CrashMode mode, Random random)
    {
        var states = mode switch
        {
            CrashMode.LoseUnflushed => _states[..1],
            CrashMode.KeepUnflushed => _states[^1..],
            CrashMode.Tear => _states.Slice(random.Next(_states.Count), 1),
            _ => _states,
        };

        // A file keeps its identity over the names that it had.
        var files = new Dictionary<SimulatedFile, SimulatedFile>();
        var after = new SimulatedDirectory();
        after._states.Clear();
        foreach (var state in states)
        {
            var names = Empty();
            foreach (var (name, file) in state)
            {
                if (!files.TryGetValue(file, out var survivor))
                {
                    survivor = file.After(mode, random);
                    files.Add(file, survivor);
                }

                names[name] = survivor;
            }

            after._states.Add(names);
        }

        return after;
    }

    private static SortedDictionary<string, SimulatedFile> Empty() => new(StringComparer.Ordinal);

    private void Change(Action<SortedDictionary<string, SimulatedFile>> change)
    {
        var next = new SortedDictionary<string, SimulatedFile>(Seen, StringComparer.Ordinal);
        change(next);
        _states.Add(next);
    }
}
