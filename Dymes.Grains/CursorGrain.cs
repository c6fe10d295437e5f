using System.Buffers;
using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Cursors;
using Dymes.Grains.Hosting;
using Dymes.Grains.Index;
using Dymes.Message.Log;

namespace Dymes.Grains;

/// <summary>
/// A cursor: the rest of a query, kept on disk at a majority of the silos. The place is saved soon after it has moved and when the silo stops, not before each answer: after a crash a cursor may
/// give again what it gave in its last moment, but never leaves anything out. So it is with two activations, which a cut network may bring about: each goes on behind what was given by one of them.
/// </summary>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class CursorGrain : DymesGrain, ICursorGrain
{
    /// <summary>How long a moved place usually is unsaved.</summary>
    public static readonly TimeSpan SaveDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long at most: from then on a read waits until it is saved, or is refused.</summary>
    public static readonly TimeSpan UnsavedMax = TimeSpan.FromSeconds(3);

    private const int AnswerBytes = 1024 * 1024;

    private readonly CursorKeepers _keepers;
    private readonly TimeSpan _idleTime;
    private readonly TimeProvider _clock;
    private readonly LogPatience _waiting;
    private readonly GrainReader _reader;
    private readonly CursorId _id;
    private CursorPlace? _place;
    private bool _isFound;
    private long? _unsavedSince;
    private IGrainTimer? _saving;

    public CursorGrain(DatasetRegistry datasets, IGrainContext context, CursorKeepers keepers, CursorOptions options, LogPatience waiting, TimeProvider clock)
        : base(datasets, context)
    {
        _keepers = keepers;
        _idleTime = options.IdleTime;
        _clock = clock;
        _waiting = waiting;
        _reader = new GrainReader(GrainFactory, Dataset.Name, clock);
        _id = DatasetKeys.CursorOf(Key);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => TrySaveAsync();

    public async ValueTask OpenAsync(MessageQuery query, Lsn minEnd, CancellationToken cancellationToken)
    {
        query.Validate();
        if (_place is not null)
        {
            throw new DymesException(ErrorCode.IdConflict, $"Cursor {_id} is open already. Open another.");
        }

        var committed = await _waiting.ReachAsync(Dataset, minEnd, cancellationToken);
        var rest = committed == Lsn.First ? query with { Bounds = query.Bounds with { FromLsn = Lsn.Max, ToLsn = Lsn.First } } : query.UpTo(committed);
        _place = await _keepers.KeepAsync(Dataset.Name, _id, new CursorPlace(rest, _clock.GetUtcNow(), Version: 1));
        _isFound = true;
    }

    public async ValueTask<FrameBatch?> ReadAsync(int count, CancellationToken cancellationToken)
    {
        if (count < 1)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"The batch size is {count}; it must be at least 1.") { Field = "batch_size" };
        }

        await FindAsync();
        if (_unsavedSince is { } since && _clock.GetElapsedTime(since) > UnsavedMax)
        {
            await SaveAsync();
        }

        if (_place is not { Rest: { } before } place || place.LastUsed + _idleTime < _clock.GetUtcNow())
        {
            await CloseAsync(cancellationToken);
            return null;
        }

        var (answer, rest) = await TakeAsync(before, count, cancellationToken);
        _place = new CursorPlace(rest, _clock.GetUtcNow(), place.Version + 1);
        _unsavedSince ??= _clock.GetTimestamp();
        SaveSoon();
        return answer;
    }

    public async ValueTask<bool> CloseAsync(CancellationToken cancellationToken)
    {
        await FindAsync();
        var open = _place;
        if (open is not null)
        {
            await _keepers.CloseAsync(Dataset.Name, _id, new CursorPlace(null, _clock.GetUtcNow(), open.Version + 1));
        }

        (_place, _unsavedSince) = (null, null);
        DeactivateOnIdle();
        return open is not null;
    }

    private async Task FindAsync()
    {
        if (!_isFound)
        {
            _place = await _keepers.FindAsync(Dataset.Name, _id) is { IsClosed: false } open ? open : null;
            _isFound = true;
        }
    }

    // Index grains answer page by page, and a page may be empty where a filter lets little pass.
    private async ValueTask<(FrameBatch Answer, MessageQuery Left)> TakeAsync(MessageQuery rest, int count, CancellationToken cancellationToken)
    {
        var end = rest.Bounds.IsEmpty ? Lsn.First : rest.Bounds.ToLsn.Next;
        var frames = new ArrayBufferWriter<byte>();
        var taken = 0;
        var isLast = rest.Limit is 0;
        while (!isLast && taken < count && frames.WrittenCount < AnswerBytes)
        {
            var batch = await _reader.ReadAsync(rest with { Limit = Math.Min(count - taken, rest.Limit ?? count) }, end, cancellationToken);
            frames.Write(batch.Frames.Span);
            taken += batch.Count;
            isLast = batch.IsLast;
            rest = rest.Behind(batch);
        }

        var answer = new FrameBatch { Frames = frames.WrittenMemory, Count = taken, Position = rest.After, Committed = end, IsLast = isLast };
        return (answer, rest);
    }

    private void SaveSoon() => _saving ??= this.RegisterGrainTimer(TrySaveAsync, new GrainTimerCreationOptions(SaveDelay, SaveDelay));

    // Where no majority takes the place, it is tried again each second; reads go on only for a moment.
    private async Task TrySaveAsync()
    {
        try
        {
            await SaveAsync();
        }
        catch (DymesException)
        {
            return;
        }

        _saving?.Dispose();
        _saving = null;
    }

    private async Task SaveAsync()
    {
        if (_unsavedSince is not null && _place is { } place)
        {
            var kept = await _keepers.KeepAsync(Dataset.Name, _id, place);
            _place = kept.IsClosed ? null : kept.Supersedes(place) ? kept : place;
            _unsavedSince = null;
        }
    }
}
