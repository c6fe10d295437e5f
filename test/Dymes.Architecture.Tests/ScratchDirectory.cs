namespace Dymes.Architecture.Tests;

/// <summary>An empty directory that goes with its owner.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dymes-architecture-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
