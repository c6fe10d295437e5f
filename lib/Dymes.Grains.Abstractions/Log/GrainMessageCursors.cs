using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>The cursors of a dataset, each a grain that keeps its place on disk.</summary>
/// <param name="grains">Reaches the grains.</param>
/// <param name="dataset">The dataset's name.</param>
public sealed class GrainMessageCursors(IGrainFactory grains, string dataset = DatasetKeys.DefaultDataset) : IMessageCursors
{
    /// <inheritdoc/>
    public async ValueTask<CursorId> OpenAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.Validate();
        var id = NewId();
        await AskAsync(() => Grain(id).OpenAsync(query, cancellationToken).AsTask()).ConfigureAwait(false);
        return id;
    }

    /// <inheritdoc/>
    public async ValueTask<FramePage?> ReadAsync(CursorId id, int count, CancellationToken cancellationToken = default)
    {
        FrameBatch? batch = null;
        await AskAsync(async () => batch = await Grain(id).ReadAsync(count, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return batch?.ToPage();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CloseAsync(CursorId id, CancellationToken cancellationToken = default)
    {
        var wasOpen = false;
        await AskAsync(async () => wasOpen = await Grain(id).CloseAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return wasOpen;
    }

    // A cursor's reads move it, so a lost answer is told and not asked for again.
    private static async Task AskAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (Exception error) when (GrainFault.IsTransport(error))
        {
            throw GrainFault.OfRead(error);
        }
    }

    private static CursorId NewId()
    {
        var value = UInt128.Zero;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<UInt128>(ref value)));
        return new CursorId(value);
    }

    private ICursorGrain Grain(CursorId id) => grains.GetGrain<ICursorGrain>(DatasetKeys.OfCursor(dataset, id));
}
