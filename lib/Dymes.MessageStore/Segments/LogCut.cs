using Dymes.MessageStore.Formats;

namespace Dymes.MessageStore.Segments;

/// <summary>The end of the log is to be taken off the disk.</summary>
/// <param name="segment">The segment in which the log ends now.</param>
/// <param name="cut">Where; null where the disk has nothing of the segment, and none behind it.</param>
/// <param name="gone">The segments behind it, oldest first.</param>
internal sealed class LogCut(Segment segment, PendingCut? cut, IReadOnlyList<Segment> gone) : DiskWork
{
    public Segment Segment => segment;

    public PendingCut? Cut => cut;

    public IReadOnlyList<Segment> Gone => gone;
}
