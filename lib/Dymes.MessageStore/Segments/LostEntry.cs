namespace Dymes.MessageStore.Segments;

/// <summary>An entry of a sealed segment of which the header cannot be read, while nobody knows where all that are behind it are. All before it can be read.</summary>
/// <param name="Op">The entry.</param>
/// <param name="Offset">Its place.</param>
/// <param name="EndOffset">Where it ends at the latest.</param>
/// <param name="ParentChecksum">The header checksum of the entry before.</param>
/// <param name="MayFollowMark">Whether that may be the place of a mark instead, with the entry behind it: only its size can tell.</param>
internal sealed record LostEntry(ulong Op, long Offset, long EndOffset, UInt128 ParentChecksum, bool MayFollowMark)
{
    /// <summary>The place of the entry when it has so many bytes; null where it has none.</summary>
    public long? PlaceOf(uint bytes)
    {
        var behindMark = Offset + StoreLimits.SyncMarkBytes;
        return MayFollowMark
            ? Offset + bytes == EndOffset ? Offset : behindMark + bytes == EndOffset ? behindMark : null
            : Offset + bytes <= EndOffset ? Offset : null;
    }
}
