using Dymes.MessageStore.Files;

namespace Dymes.MessageStore;

/// <summary>
/// Says whether the disk has room, before a write can fail: the free space is asked for ten times a second at most, unless much of the reserve may have been used since; so what others
/// write is noticed, and so is freed space. Without a reserve nothing is asked. Owned by the sequencer.
/// </summary>
internal sealed class RoomGuard(IFileSystem files, StoreOptions options, TimeProvider clock)
{
    private readonly long _bytesBetweenChecks = Math.Min(16 << 20, options.ReserveBytes / 8); // with their index, and zeros ahead, still well within the reserve
    private static readonly TimeSpan TimeBetweenChecks = TimeSpan.FromMilliseconds(100);
    private long _uncheckedBytes;
    private long? _checkedAt;
    private bool _isFull;

    /// <summary>Whether half of the reserve was there when the disk was last asked.</summary>
    public bool HasReserve { get; private set; } = true;

    /// <summary>Whether this many bytes may be appended.</summary>
    public bool HasRoom(int bytes)
    {
        if (options.ReserveBytes == 0)
        {
            return true;
        }

        _uncheckedBytes += bytes;
        var now = clock.GetTimestamp();
        if (_checkedAt is not { } last || clock.GetElapsedTime(last, now) >= TimeBetweenChecks || (!_isFull && _uncheckedBytes >= _bytesBetweenChecks))
        {
            _checkedAt = now;
            _uncheckedBytes = 0;
            var free = files.FreeBytes(options.Directory);
            _isFull = free - bytes < options.ReserveBytes;
            HasReserve = free >= options.ReserveBytes / 2;
        }

        return !_isFull;
    }
}
