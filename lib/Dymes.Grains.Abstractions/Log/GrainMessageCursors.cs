using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Log;

/// <summary>The cursors of a dataset, each a grain whose place a majority of the silos keeps on disk.</summary>
/// <param name="grains">Reaches the grains.</param>
/// <param name="dataset">The dataset's name.</param>
/// <param name="log">What is read at the same door: a cursor sees at least as much, and what it gives is seen there; null where the log is one node's.</param>
public sealed class GrainMessageCursors(IGrainFactory grains, string dataset = DatasetKeys.DefaultDataset, IFreshReads? log = null) : IMessageCursors
{
    /// <inheritdoc/>
    public async ValueTask<CursorId> OpenAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.Validate();
        var id = NewId();
        try
        {
            await Grain(id).OpenAsync(query, log?.SeenEnd ?? Lsn.First, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (GrainFault.IsTransport(error))
        {
            throw GrainFault.OfRead(error); // if it was opened, nobody knows of it, and it expires
        }

        return id;
    }

    /// <inheritdoc/>
    public async ValueTask<FramePage?> ReadAsync(CursorId id, int count, CancellationToken cancellationToken = default)
    {
        FrameBatch? batch;
        try
        {
            batch = await Grain(id).ReadAsync(count, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (GrainFault.IsTransport(error))
        {
            throw GrainFault.OfCursorRead(error); // a read moves the cursor, so a lost answer is told and not asked for again
        }

        log?.See(batch?.Committed ?? Lsn.First);
        return batch?.ToPage();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CloseAsync(CursorId id, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Grain(id).CloseAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (GrainFault.IsTransport(error))
        {
            throw GrainFault.OfRead(error); // closing it again does no harm
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
