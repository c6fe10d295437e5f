using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore;

/// <summary>The journal: the hard state in two slots, written in turn, so that a torn write leaves the other. Not thread-safe.</summary>
public sealed class JournalFile : IDisposable
{
    /// <summary>The journal's name in its dataset's directory.</summary>
    public const string FileName = "dymes.journal";

    private const int SlotStride = 4096; // no two slots, and no slot and the header, share a block of the disk
    private const int FileBytes = 3 * SlotStride;
    private readonly IDataFile _file;
    private readonly bool _flushes;

    private JournalFile(IDataFile file, HardState state, bool flushes)
    {
        _file = file;
        _flushes = flushes;
        State = state;
    }

    /// <summary>What was written last.</summary>
    public HardState State { get; private set; }

    /// <summary>Makes a journal with this state, durably: under a temporary name first, so that a crash leaves none or a whole one.</summary>
    public static JournalFile Create(IFileSystem files, string directory, StoreIdentity identity, HardState state, long nowMilliseconds, bool flushes = true)
    {
        var path = Path.Combine(directory, FileName);
        var temporary = path + ".tmp";
        var bytes = new byte[FileBytes];
        new FileHeader(FileKind.Journal, identity.ClusterId, identity.DatasetId, 0, 0, default, nowMilliseconds, 0).Write(bytes);
        var first = state with { Generation = state.Generation + 1 };
        state.Write(bytes.AsSpan(SlotOffset(state.Generation)));
        first.Write(bytes.AsSpan(SlotOffset(first.Generation)));
        using (var file = files.Open(temporary, DataFileMode.Create))
        {
            file.Write(bytes, 0);
            file.Flush();
        }

        files.Rename(temporary, path);
        files.FlushDirectory(directory);
        return new JournalFile(files.Open(path, DataFileMode.ReadWrite), first, flushes);
    }

    /// <summary>Opens the journal of a directory; null where there is none.</summary>
    /// <exception cref="DymesException">It is damaged, or belongs to another cluster or dataset.</exception>
    public static JournalFile? Open(IFileSystem files, string directory, StoreIdentity identity, bool flushes = true)
    {
        var path = Path.Combine(directory, FileName);
        if (!files.FileExists(path))
        {
            return null;
        }

        var file = files.Open(path, DataFileMode.ReadWrite);
        try
        {
            var bytes = new byte[FileBytes];
            var read = file.Read(bytes, 0);
            var header = read == FileBytes ? FileHeader.Read(bytes, path) : null;
            var newest = header is null ? null : Newest(bytes);
            if (header is null || newest is null)
            {
                throw new DymesException(
                    ErrorCode.StorageDamaged,
                    $"{path} is damaged: {(header is null ? "its header" : "both of its slots")} cannot be read. Run `dymes verify {directory} --repair`; messages are not affected.");
            }

            header.Require(FileKind.Journal, 0, identity, path);
            return new JournalFile(file, newest, flushes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal without opening it: what it says, if it can be read, and what is wrong with it, if anything is.</summary>
    public static (HardState? State, string? Fault) Inspect(IFileSystem files, string path)
    {
        using var file = files.Open(path, DataFileMode.Read);
        var bytes = new byte[FileBytes];
        if (file.Read(bytes, 0) < FileBytes || FileHeader.Read(bytes, path) is null)
        {
            return (null, "The journal's header is damaged.");
        }

        var isWhole = HardState.Read(bytes.AsSpan(SlotOffset(0))) is not null && HardState.Read(bytes.AsSpan(SlotOffset(1))) is not null;
        var newest = Newest(bytes);
        return (newest, isWhole ? null : newest is null ? "Both slots of the journal are damaged." : "One slot of the journal is damaged or torn; the other one serves.");
    }

    /// <summary>Makes a state durable. Its generation is set here.</summary>
    public void Write(HardState state)
    {
        var next = state with { Generation = State.Generation + 1 };
        var bytes = new byte[HardState.SlotBytes];
        next.Write(bytes);
        _file.Write(bytes, SlotOffset(next.Generation));
        if (_flushes)
        {
            _file.Flush();
        }

        State = next;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static HardState? Newest(ReadOnlySpan<byte> bytes)
    {
        var even = HardState.Read(bytes[SlotOffset(0)..]);
        var odd = HardState.Read(bytes[SlotOffset(1)..]);
        return (even?.Generation ?? 0) >= (odd?.Generation ?? 0) ? even ?? odd : odd;
    }

    private static int SlotOffset(ulong generation) => SlotStride * (1 + (int)(generation % 2));
}
