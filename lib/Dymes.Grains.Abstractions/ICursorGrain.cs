using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>A cursor: a query and the place that its reader has come to. Its key is <see cref="DatasetKeys.OfCursor"/>.</summary>
[Alias("dymes.cursor")]
public interface ICursorGrain : IGrainWithStringKey
{
    /// <summary>Opens the cursor on a query, as the log is now, and at least up to <paramref name="minEnd"/>. It is durable at a majority of the silos when this returns.</summary>
    [Alias("open"), ResponseTimeout(GrainLimits.FollowTimeout)]
    ValueTask OpenAsync(MessageQuery query, Lsn minEnd, CancellationToken cancellationToken);

    /// <summary>The next messages; null where there is no such cursor. See <see cref="IMessageCursors.ReadAsync"/>. The end that the answer names is the one that the cursor was opened at.</summary>
    [Alias("read"), ResponseTimeout(GrainLimits.FollowTimeout)]
    ValueTask<FrameBatch?> ReadAsync(int count, CancellationToken cancellationToken);

    /// <summary>Closes the cursor; false where there is none.</summary>
    [Alias("close"), ResponseTimeout(GrainLimits.FollowTimeout)]
    ValueTask<bool> CloseAsync(CancellationToken cancellationToken);
}
