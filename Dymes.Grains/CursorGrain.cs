using System.Buffers;
using Dymes.Common;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Cursors;
using Dymes.Grains.Hosting;
using Dymes.Message.Log;

namespace Dymes.Grains;

/// <summary>
/// A cursor: the rest of a query, kept on disk. The place is saved soon after it has moved and when the silo stops, not before each answer: after a crash a cursor may
/// give again what it gave in its last moment, but never leaves anything out.
/// </summary>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class CursorGrain : DymesGrain, ICursorGrain
{
    /// <summary>How long a moved place may be unsaved.</summary>
    public static readonly TimeSpan SaveDelay = TimeSpan.FromSeconds(1);

    private const int AnswerBytes = 1024 * 1024;

    private readonly CursorStore _store;
    private readonly TimeProvider _clock;
    private readonly CursorId _id;
    private CursorPlace? _place;
    private bool _hasMoved;
    private IGrainTimer? _saving;

    public CursorGrain(DatasetRegistry datasets, IGrainContext context, CursorStore store, TimeProvider clock)
        : base(datasets, context)
    {
        _store = store;
        _clock = clock;
        _id = DatasetKeys.CursorOf(Key);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        _place = await Task.Run(() => _store.Find(Dataset.Name, _id), cancellationToken);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveAsync(cancellationToken);

    public async ValueTask OpenAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        query.Validate();
        if (_place is not null)
        {
            throw new DymesException(ErrorCode.IdConflict, $"Cursor {_id} is open already. Open another.");
        }

        var committed = Dataset.Index.Committed;
        var rest = committed == Lsn.First ? query with { Bounds = query.Bounds with { FromLsn = Lsn.Max, ToLsn = Lsn.First } } : query.UpTo(committed);
        var place = new CursorPlace(rest, _clock.GetUtcNow());
        await Task.Run(() => _store.Add(Dataset.Name, _id, place), cancellationToken);
        _place = place;
    }

    public async ValueTask<FrameBatch?> ReadAsync(int count, CancellationToken cancellationToken)
    {
        if (count < 1)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"The batch size is {count}; it must be at least 1.") { Field = "batch_size" };
        }

        if (_place is not { } place || place.LastUsed + _store.IdleTime < _clock.GetUtcNow())
        {
            await CloseAsync(cancellationToken);
            return null;
        }

        var (answer, rest) = await TakeAsync(place.Rest, count, cancellationToken);
        _place = new CursorPlace(rest, _clock.GetUtcNow());
        _hasMoved = true;
        _saving ??= this.RegisterGrainTimer(SaveAsync, new GrainTimerCreationOptions(SaveDelay, Timeout.InfiniteTimeSpan));
        return answer;
    }

    public async ValueTask<bool> CloseAsync(CancellationToken cancellationToken)
    {
        var wasOpen = _place is not null;
        (_place, _hasMoved) = (null, false);
        if (wasOpen)
        {
            await Task.Run(() => _store.Remove(Dataset.Name, _id), CancellationToken.None);
        }

        DeactivateOnIdle();
        return wasOpen;
    }

    // Index grains answer page by page, and a page may be empty where a filter lets little pass.
    private async ValueTask<(FrameBatch Answer, MessageQuery Left)> TakeAsync(MessageQuery rest, int count, CancellationToken cancellationToken)
    {
        var source = MessageSources.For(GrainFactory, Dataset.Name, rest.Selection);
        var frames = new ArrayBufferWriter<byte>();
        var taken = 0;
        var isLast = rest.Limit is 0;
        while (!isLast && taken < count && frames.WrittenCount < AnswerBytes)
        {
            var batch = await source.ReadAsync(rest with { Limit = Math.Min(count - taken, rest.Limit ?? count) }, cancellationToken);
            frames.Write(batch.Frames.Span);
            taken += batch.Count;
            isLast = batch.IsLast;
            rest = rest.Behind(batch);
        }

        var answer = new FrameBatch { Frames = frames.WrittenMemory, Count = taken, Position = rest.After, Committed = Dataset.Index.Committed, IsLast = isLast };
        return (answer, rest);
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        _saving?.Dispose();
        _saving = null;
        if (_hasMoved && _place is { } place)
        {
            await Task.Run(() => _store.Save(Dataset.Name, _id, place), CancellationToken.None);
            _hasMoved = false;
        }
    }
}
