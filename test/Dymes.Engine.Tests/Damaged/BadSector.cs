using Dymes.MessageStore.Files;
using Dymes.Testing;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>A disk of which one block of one file cannot be read any more.</summary>
internal sealed class BadSector(IFileSystem inner, string path, long offset) : PassingFileSystem(inner)
{
    public override IDataFile Open(string opened, DataFileMode mode)
    {
        var file = base.Open(opened, mode);
        return opened == path ? new Broken(file, offset) : file;
    }

    private sealed class Broken(IDataFile file, long bad) : PassingFile(file)
    {
        public override int Read(Span<byte> buffer, long offset) =>
            offset < bad + BlockBuffer.BlockBytes && offset + buffer.Length > bad ? throw new IOException("Input/output error") : base.Read(buffer, offset);
    }
}
