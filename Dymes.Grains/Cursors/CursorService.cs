using Dymes.Message.Log;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Dymes.Grains.Cursors;

/// <summary>Opens this silo's cursor files to the others.</summary>
[Reentrant]
internal sealed class CursorService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory logging, CursorStore store) : GrainService(id, silo, logging), ICursorService
{
    public Task<CursorPlace?> FindAsync(string dataset, UInt128 id) => Task.Run(() => store.Find(dataset, new CursorId(id)));

    public Task<CursorPlace> KeepAsync(string dataset, UInt128 id, CursorPlace place) => Task.Run(() => store.Keep(dataset, new CursorId(id), place));
}
