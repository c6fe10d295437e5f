using System.Buffers;
using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Message.Log;

namespace Dymes.Grains.Index;

/// <summary>
/// Takes the first pages of an answer into a batch of their own memory. It runs on the thread pool: what is read may have to come from the disk, and a grain's
/// turn must not wait for that.
/// </summary>
internal static class BatchReader
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(2);

    /// <summary>Reads until the batch is full, the answer ends, or long enough was searched in vain.</summary>
    /// <param name="pages">The answer, as of <paramref name="committed"/>.</param>
    /// <param name="limit">The limit that the answer was asked with.</param>
    /// <param name="committed">The end of the log that the answer knows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Task<FrameBatch> ReadAsync(IAsyncEnumerable<FramePage> pages, long? limit, Lsn committed, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                var start = TimeProvider.System.GetTimestamp();
                var frames = new ArrayBufferWriter<byte>();
                var count = 0;
                QueryPosition? position = null;
                var isLast = true;
                await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
                {
                    frames.Write(page.Frames.Span);
                    count += page.Count;
                    position = page.Position.IsStart ? position : page.Position;
                    if (frames.WrittenCount >= GrainLimits.PageBytes || TimeProvider.System.GetElapsedTime(start) > TimeMax)
                    {
                        isLast = count == limit;
                        break;
                    }
                }

                return new FrameBatch { Frames = frames.WrittenMemory, Count = count, Position = position, Committed = committed, IsLast = isLast };
            },
            cancellationToken);

    /// <summary>The batch of an answer that is known to be empty.</summary>
    public static FrameBatch Nothing(Lsn committed) => new() { Frames = default, Count = 0, Committed = committed, IsLast = true };
}
