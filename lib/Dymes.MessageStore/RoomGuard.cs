using Dymes.MessageStore.Files;

namespace Dymes.MessageStore;

/// <summary>
/// Says whether the disk has room, before a write can fail: the free space is asked for every few megabytes, and, while there is too little, at most ten times a second, so that
/// freed space is noticed. Owned by the sequencer.
/// </summary>
internal sealed class RoomGuard(IFileSystem files, StoreOptions options, TimeProvider clock)
{
    private const long BytesBetweenChecks = 16 << 20;
    private static readonly TimeSpan TimeBetweenChecks = TimeSpan.FromMilliseconds(100);
    private long _uncheckedBytes = BytesBetweenChecks;
    private long _checkedAt;
    private bool _isFull;

    /// <summary>Whether this many bytes may be appended.</summary>
    public bool HasRoom(int bytes)
    {
        _uncheckedBytes += bytes;
        if (_isFull ? clock.GetElapsedTime(_checkedAt) >= TimeBetweenChecks : _uncheckedBytes >= BytesBetweenChecks)
        {
            _checkedAt = clock.GetTimestamp();
            _uncheckedBytes = 0;
            _isFull = files.FreeBytes(options.Directory) - bytes < options.ReserveBytes;
        }

        return !_isFull;
    }
}
