using Dymes.MessageStore.Files;
using Dymes.Testing;

namespace Dymes.Engine.Tests;

/// <summary>A disk that takes its time for what it was not asked for before. Only message files are on it.</summary>
internal sealed class DistantDisk(IFileSystem inner, ManualClock clock) : PassingFileSystem(inner)
{
    private readonly ManualClock _clock = clock;
    private readonly HashSet<(string Path, long Offset)> _fetched = [];

    /// <summary>How long it takes for a read.</summary>
    public TimeSpan Wait { get; set; }

    /// <summary>How many reads took that long.</summary>
    public int Waits { get; private set; }

    /// <summary>How often it was asked for what was to be read.</summary>
    public int Expectations { get; private set; }

    public override IDataFile Open(string path, DataFileMode mode)
    {
        var file = base.Open(path, mode);
        return path.EndsWith(".msg", StringComparison.Ordinal) ? new Distant(this, path, file) : file;
    }

    private sealed class Distant(DistantDisk disk, string path, IDataFile file) : PassingFile(file)
    {
        public override int Read(Span<byte> buffer, long offset)
        {
            if (disk.Wait > TimeSpan.Zero && !disk._fetched.Contains((path, offset)))
            {
                disk.Waits++;
                disk._clock.Advance(disk.Wait);
            }

            return base.Read(buffer, offset);
        }

        public override void Expect(long offset, int length)
        {
            disk.Expectations++;
            disk._fetched.Add((path, offset));
            base.Expect(offset, length);
        }
    }
}
