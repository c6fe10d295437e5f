using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore;

/// <summary>The journal: the hard state in two slots, written in turn, so that a torn write leaves the other. Safe for concurrent use.</summary>
public sealed class JournalFile : IDisposable
{
    /// <summary>The journal's name in its dataset's directory.</summary>
    public const string FileName = "dymes.journal";

    private const int SlotStride = 4096; // no two slots, and no slot and the header, share a block of the disk
    private const int FileBytes = 3 * SlotStride;
    private readonly Lock _gate = new();
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

    /// <summary>What is wrong with the file, though it serves; null where nothing is.</summary>
    public string? Fault { get; private init; }

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
            return new JournalFile(file, newest, flushes) { Fault = FaultOf(bytes, file.Length) };
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

        return (Newest(bytes), FaultOf(bytes, file.Length));
    }

    /// <summary>Makes a state durable that is made of the present one. Its generation is set here.</summary>
    public void Write(Func<HardState, HardState> change)
    {
        lock (_gate)
        {
            var next = change(State) with { Generation = State.Generation + 1 };
            var bytes = new byte[HardState.SlotBytes];
            next.Write(bytes);
            _file.Write(bytes, SlotOffset(next.Generation));
            if (_flushes)
            {
                _file.Flush();
            }

            State = next;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string? FaultOf(ReadOnlySpan<byte> bytes, long length)
    {
        var slots = (HardState.Read(bytes[SlotOffset(0)..]) is null ? 0 : 1) + (HardState.Read(bytes[SlotOffset(1)..]) is null ? 0 : 1);
        var hasZeros = !bytes[StoreLimits.FileHeaderBytes..SlotOffset(0)].ContainsAnyExcept((byte)0)
            && !bytes[(SlotOffset(0) + HardState.SlotBytes)..SlotOffset(1)].ContainsAnyExcept((byte)0)
            && !bytes[(SlotOffset(1) + HardState.SlotBytes)..].ContainsAnyExcept((byte)0);
        return slots switch
        {
            0 => "Both slots of the journal are damaged.",
            1 => "One slot of the journal is damaged or torn; the other one serves.",
            _ => hasZeros && length == FileBytes ? null : "There are bytes in the journal where zeros should be; its slots are whole.",
        };
    }

    private static HardState? Newest(ReadOnlySpan<byte> bytes)
    {
        var even = HardState.Read(bytes[SlotOffset(0)..]);
        var odd = HardState.Read(bytes[SlotOffset(1)..]);
        return (even?.Generation ?? 0) >= (odd?.Generation ?? 0) ? even ?? odd : odd;
    }

    private static int SlotOffset(ulong generation) => SlotStride * (1 + (int)(generation % 2));
}
