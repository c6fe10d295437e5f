using Orleans.Services;

namespace Dymes.Grains.Cursors;

/// <summary>The cursors' files of a silo, as other silos reach them.</summary>
[Alias("dymes.cursor-files")]
internal interface ICursorService : IGrainService
{
    /// <summary>What is kept of a cursor; null where nothing is.</summary>
    [Alias("find"), ResponseTimeout("00:00:02")]
    Task<CursorPlace?> FindAsync(string dataset, UInt128 id);

    /// <summary>Keeps a place, unless a newer one is kept, and returns the one that is, which is then on disk.</summary>
    [Alias("keep"), ResponseTimeout("00:00:02")]
    Task<CursorPlace> KeepAsync(string dataset, UInt128 id, CursorPlace place);
}
