using Dymes.Common;
using Dymes.MessageStore.Files;

namespace Dymes.Testing.Simulation;

/// <summary>An open file of a <see cref="SimulatedFileSystem"/>. It stays with its bytes when the name goes.</summary>
internal sealed class SimulatedHandle(SimulatedFileSystem disk, string path, SimulatedFile file, bool canWrite) : IDataFile
{
    private bool _isDisposed;

    public long Length => Open(() => file.Length);

    public int Read(Span<byte> buffer, long offset)
    {
        var wanted = buffer.Length;
        var bytes = Open(() => file.Read(offset, wanted));
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public void Expect(long offset, int length) => Open(() => true);

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        var copy = bytes.ToArray();
        Changing(() =>
        {
            disk.AssertRoom(path, Math.Max(0, offset + copy.Length - file.Length));
            disk.Step($"writing {copy.Length} bytes at {offset} of {path}", () => file.Write(copy, offset));
        });
    }

    public void WriteBlocks(ReadOnlySpan<byte> blocks, long offset)
    {
        InvariantViolation.Assert(blocks.Length % BlockBuffer.BlockBytes == 0 && offset % BlockBuffer.BlockBytes == 0, "only whole blocks go past the page cache");
        Write(blocks, offset);
    }

    public void Flush() => Open(() =>
    {
        disk.Flush(path, file);
        return true;
    });

    public void SetLength(long length) => Changing(() =>
    {
        disk.AssertRoom(path, Math.Max(0, length - file.Length));
        disk.Step($"setting the length of {path} to {length}", () => file.SetLength(length));
    });

    public IFileView Map() => new View(Open(() => file));

    public void Dispose() => _isDisposed = true;

    private void Changing(Action act) => Open(() =>
    {
        if (!canWrite)
        {
            throw new UnauthorizedAccessException($"{path} is open to read only.");
        }

        act();
        return true;
    });

    private T Open<T>(Func<T> act) => disk.Locked(() =>
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return act();
    });

    // As the file is now: what goes bad on the disk shows here.
    private sealed class View(SimulatedFile file) : IFileView
    {
        private readonly int _length = (int)file.Length;
        private bool _isDisposed;

        public ReadOnlySpan<byte> Bytes
        {
            get
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return file.Bytes[.._length];
            }
        }

        public void Expect(int offset, int length) => ObjectDisposedException.ThrowIf(_isDisposed, this);

        public void Dispose() => _isDisposed = true;
    }
}
