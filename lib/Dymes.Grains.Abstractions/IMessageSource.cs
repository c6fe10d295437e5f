using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>
/// A grain that answers queries page by page. A page says how far it got, so the next one may be asked of another activation, silo or process: nothing is held
/// between two calls, and nothing is lost with an activation.
/// </summary>
public interface IMessageSource : IGrainWithStringKey
{
    /// <summary>The next messages of a query: as many as fit a page.</summary>
    /// <param name="query">What is asked; its position and bounds say where to go on.</param>
    /// <param name="minEnd">The end of the log that the answer includes at least. A silo that is not there yet waits a moment for it, then refuses.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [ResponseTimeout(GrainLimits.ReadTimeout)]
    ValueTask<FrameBatch> ReadAsync(MessageQuery query, Lsn minEnd, CancellationToken cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, but where there is nothing yet it waits for something to come.</summary>
    /// <param name="query">What is asked, in ascending order of the log.</param>
    /// <param name="minEnd">As for <see cref="ReadAsync"/>.</param>
    /// <param name="patience">How long to wait before an empty page is the answer; at most <see cref="GrainLimits.PatienceMax"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [ResponseTimeout(GrainLimits.FollowTimeout)]
    ValueTask<FrameBatch> FollowAsync(MessageQuery query, Lsn minEnd, TimeSpan patience, CancellationToken cancellationToken);
}
