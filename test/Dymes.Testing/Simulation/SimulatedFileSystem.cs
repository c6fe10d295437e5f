using Dymes.MessageStore.Files;

namespace Dymes.Testing.Simulation;

/// <summary>
/// A disk in memory that is as unkind as a real one may be: what was not flushed is at the mercy of a crash. Every call that changes something is a numbered step at which the crash can
/// be placed. The same steps and seed give the same disk. Safe for concurrent use; one lock guards all.
/// </summary>
/// <remarks>
/// <see cref="Crash"/> gives the disk that the next process finds, as another instance; this one is then dead for good. It may be called several times: one run, many ways to be found.
/// </remarks>
public sealed class SimulatedFileSystem : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SimulatedDirectory> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = [];
    private long _crashStep = long.MaxValue;
    private int _flushesUntilFailure = int.MaxValue;
    private string? _death;

    /// <summary>How many bytes all files together may have.</summary>
    public long CapacityBytes { get; set; } = 1L << 40;

    /// <summary>How many steps were taken: creations, writes, flushes, length changes, renames, removals and flushes of directories.</summary>
    public long Steps { get; private set; }

    /// <summary>The bytes that all files together have.</summary>
    public long UsedBytes => Locked(() => _directories.Values.SelectMany(directory => directory.Files).Distinct().Sum(file => file.Length));

    /// <summary>The paths of all files, in ordinal order.</summary>
    public IReadOnlyList<string> Paths => Locked(() =>
        _directories.SelectMany(directory => directory.Value.Names.Select(name => Path.Combine(directory.Key, name))).ToArray());

    /// <summary>Lets the disk die amid this step, counted from 1 over the disk's life: the call throws, and so does every later one.</summary>
    public void CrashAtStep(long step) => _crashStep = step;

    /// <summary>Lets a flush of a file fail: the next one for 1. What it should have written is lost, though it is seen until a crash.</summary>
    public void FailFlush(int ordinal = 1) => _flushesUntilFailure = ordinal;

    /// <summary>The disk as it is found after a crash.</summary>
    /// <param name="mode">What becomes of what was not flushed.</param>
    /// <param name="seed">Chooses, where there is a choice.</param>
    public SimulatedFileSystem Crash(CrashMode mode, int seed = 0)
    {
        lock (_gate)
        {
            _death ??= $"The disk was stopped after step {Steps}.";
            var random = new Random(seed);
            var found = new SimulatedFileSystem { CapacityBytes = CapacityBytes };
            foreach (var (path, directory) in _directories)
            {
                found._directories.Add(path, directory.After(mode, random));
            }

            return found;
        }
    }

    /// <summary>Flips one bit of a file at rest: on the platter and in every later read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bit">Its number, from 0.</param>
    public void FlipBit(string path, long bit) => Locked(() => Existing(path).Flip(bit));

    /// <summary>A file's bytes as they are now.</summary>
    public byte[] ReadAll(string path) => Locked(() => Existing(path).Bytes.ToArray());

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Locked(() =>
    {
        for (var full = Path.GetFullPath(path); full is not null; full = Path.GetDirectoryName(full))
        {
            _directories.TryAdd(full, new SimulatedDirectory());
        }
    });

    /// <inheritdoc/>
    public bool FileExists(string path) => Locked(() => Find(path) is not null);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => Locked(() =>
        _directories.TryGetValue(Path.GetFullPath(directory), out var found) ? found.Names.ToArray() : []);

    /// <inheritdoc/>
    public IDataFile Open(string path, DataFileMode mode) => Locked(() =>
    {
        if (mode != DataFileMode.Create)
        {
            return new SimulatedHandle(this, path, Existing(path), mode == DataFileMode.ReadWrite);
        }

        var file = Find(path);
        Step($"creating {path}", () =>
        {
            if (file is null)
            {
                file = DirectoryOf(path).Create(Path.GetFileName(path));
            }
            else
            {
                file.SetLength(0);
            }
        });
        return new SimulatedHandle(this, path, file!, canWrite: true);
    });

    /// <inheritdoc/>
    public void Rename(string from, string to) => Locked(() =>
    {
        Existing(from);
        if (DirectoryOf(from) != DirectoryOf(to))
        {
            throw new IOException($"{from} and {to} are in different directories.");
        }

        Step($"renaming {from} to {to}", () => DirectoryOf(from).Rename(Path.GetFileName(from), Path.GetFileName(to)));
    });

    /// <inheritdoc/>
    public void Delete(string path) => Locked(() =>
    {
        if (Find(path) is not null)
        {
            Step($"removing {path}", () => DirectoryOf(path).Delete(Path.GetFileName(path)));
        }
    });

    /// <inheritdoc/>
    public void FlushDirectory(string directory) => Locked(() =>
    {
        if (!_directories.TryGetValue(Path.GetFullPath(directory), out var found))
        {
            throw new DirectoryNotFoundException($"There is no directory {directory}.");
        }

        StepAtEnd($"flushing directory {directory}", found.Flush);
    });

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => Locked(() =>
    {
        if (Find(path) is null)
        {
            Step($"creating {path}", () => DirectoryOf(path).Create(Path.GetFileName(path)));
        }

        return _locks.Add(Path.GetFullPath(path)) ? new HeldLock(this, Path.GetFullPath(path)) : null;
    });

    /// <inheritdoc/>
    public long FreeBytes(string directory) => Math.Max(0, CapacityBytes - UsedBytes);

    internal T Locked<T>(Func<T> act)
    {
        lock (_gate)
        {
            return _death is null ? act() : throw new SimulatedCrashException(_death);
        }
    }

    internal void Locked(Action act) => Locked(() =>
    {
        act();
        return true;
    });

    // A change that the crash catches may or may not count: it is done, and whatever the crash does to unflushed changes decides.
    internal void Step(string what, Action change)
    {
        change();
        Count(what);
    }

    // A flush that the crash catches promises nothing.
    internal void StepAtEnd(string what, Action flush)
    {
        Count(what);
        flush();
    }

    internal void Flush(string path, SimulatedFile file) => StepAtEnd($"flushing {path}", () =>
    {
        _flushesUntilFailure--;
        if (_flushesUntilFailure == 0)
        {
            file.Forget();
            throw new IOException($"The flush of {path} failed, as asked.");
        }

        file.Flush();
    });

    internal void AssertRoom(string path, long growth)
    {
        if (growth > CapacityBytes - UsedBytes)
        {
            throw new DiskFullException($"No room for {growth} more bytes in {path}.");
        }
    }

    private void Count(string what)
    {
        Steps++;
        if (Steps >= _crashStep)
        {
            _death = $"The disk was stopped at step {Steps}, {what}.";
            throw new SimulatedCrashException(_death);
        }
    }

    private SimulatedFile? Find(string path) =>
        _directories.GetValueOrDefault(Path.GetDirectoryName(Path.GetFullPath(path))!)?.Find(Path.GetFileName(path));

    private SimulatedFile Existing(string path) => Find(path) ?? throw new FileNotFoundException($"There is no file {path}.", path);

    private SimulatedDirectory DirectoryOf(string path) =>
        _directories.GetValueOrDefault(Path.GetDirectoryName(Path.GetFullPath(path))!) ?? throw new DirectoryNotFoundException($"There is no directory for {path}.");

    private sealed class HeldLock(SimulatedFileSystem disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._gate)
            {
                disk._locks.Remove(path);
            }
        }
    }
}
