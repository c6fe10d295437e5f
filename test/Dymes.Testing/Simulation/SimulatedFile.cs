namespace Dymes.Testing.Simulation;

/// <summary>A file's bytes apart from its name: as the process sees them, as they are on the platter, and the writes between the two.</summary>
internal sealed class SimulatedFile
{
    public const int SectorBytes = 512;

    private readonly SectorBuffer _seen;
    private readonly SectorBuffer _durable;
    private readonly List<(long Offset, byte[] Bytes)> _writes = [];
    private readonly List<long> _lengths = [];

    public SimulatedFile()
        : this(new SectorBuffer(), new SectorBuffer())
    {
    }

    private SimulatedFile(SectorBuffer seen, SectorBuffer durable)
    {
        _seen = seen;
        _durable = durable;
    }

    public long Length => _seen.Length;

    public ReadOnlySpan<byte> Bytes => _seen.Bytes;

    public byte[] Read(long offset, int count)
    {
        var start = Math.Min(offset, Length);
        return Bytes.Slice((int)start, (int)Math.Min(count, Length - start)).ToArray();
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        var length = _seen.Length;
        _seen.Write(bytes, offset);
        _writes.Add((offset, bytes.ToArray()));
        NoteLength(length);
    }

    // To cut is also to wipe: where the new length reaches the disk and the wiping does not, old bytes reappear when the file grows again.
    public void SetLength(long length)
    {
        var before = _seen.Length;
        if (length < before)
        {
            _writes.Add((length, new byte[before - length]));
        }

        _seen.SetLength(length);
        NoteLength(before);
    }

    public void Flush()
    {
        foreach (var (offset, bytes) in _writes)
        {
            _durable.Write(bytes, offset);
        }

        _durable.SetLength(_seen.Length);
        Forget();
    }

    /// <summary>A flush failed: the cache takes its pages for clean, shows them still, and no later flush writes them.</summary>
    public void Forget()
    {
        _writes.Clear();
        _lengths.Clear();
    }

    public void Flip(long bit)
    {
        _seen.Flip(bit);
        if (bit / 8 < _durable.Length)
        {
            _durable.Flip(bit);
        }
    }

    public SimulatedFile After(CrashMode mode, Random random)
    {
        if (mode == CrashMode.KillProcess)
        {
            var survivor = new SimulatedFile(_seen.Copy(), _durable.Copy());
            survivor._writes.AddRange(_writes);
            survivor._lengths.AddRange(_lengths);
            return survivor;
        }

        var found = Found(mode, random);
        return new SimulatedFile(found.Copy(), found);
    }

    private SectorBuffer Found(CrashMode mode, Random random)
    {
        var found = _durable.Copy();
        var length = Pick([_durable.Length, .. _lengths], mode, random);
        foreach (var (sector, writes) in WritesBySector())
        {
            foreach (var write in writes.Take(Pick([.. Enumerable.Range(0, writes.Count + 1)], mode, random)))
            {
                WriteWithin(found, sector, _writes[write].Offset, _writes[write].Bytes);
            }
        }

        found.SetLength(length);
        return found;
    }

    private SortedDictionary<long, List<int>> WritesBySector()
    {
        var sectors = new SortedDictionary<long, List<int>>();
        for (var write = 0; write < _writes.Count; write++)
        {
            var (offset, bytes) = _writes[write];
            for (var sector = offset / SectorBytes; sector * SectorBytes < offset + bytes.Length; sector++)
            {
                sectors.TryAdd(sector, []);
                sectors[sector].Add(write);
            }
        }

        return sectors;
    }

    private static void WriteWithin(SectorBuffer found, long sector, long offset, byte[] bytes)
    {
        var start = Math.Max(sector * SectorBytes, offset);
        var end = Math.Min((sector + 1) * SectorBytes, offset + bytes.Length);
        found.Write(bytes.AsSpan((int)(start - offset), (int)(end - start)), start);
    }

    private static T Pick<T>(T[] states, CrashMode mode, Random random) => mode switch
    {
        CrashMode.LoseUnflushed => states[0],
        CrashMode.KeepUnflushed => states[^1],
        _ => states[random.Next(states.Length)],
    };

    private void NoteLength(long before)
    {
        if (_seen.Length != before)
        {
            _lengths.Add(_seen.Length);
        }
    }
}
