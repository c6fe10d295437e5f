using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Index;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Scrubbing;

/// <summary>
/// Reads all files in the background, again and again, because a disk does not say what it has lost until somebody wants it, and by then the other copies may be lost too. What is sealed is
/// read as the disk has it; the segments that grow are read like any reader does, because their writer must not wait. Each start begins with the first segment.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="options">How fast, and how often.</param>
/// <param name="segments">The segments.</param>
/// <param name="sealing">Knows what is committed.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Where damage is told.</param>
internal sealed class Scrubber(IFileSystem files, StoreOptions options, SegmentList segments, SealingOrder sealing, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly ScrubPace _pace = new(options.ScrubBytesPerSecond, clock);
    private readonly DiskReader _reader = new();
    private readonly ScrubMeter _meter = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Tells whoever mends entries; null where nobody does.</summary>
    public DamageReports? Reports { get; init; }

    /// <summary>Makes indexes again as damage is mended; null where nobody mends.</summary>
    public IndexHealing? Healing { get; init; }

    /// <summary>How far it is, where all files have so many bytes.</summary>
    public ScrubProgress Progress(long bytes) => _meter.Progress(bytes);

    public void Start() => _running = Task.Run(RunAsync);

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait();
        _stop.Dispose();
        _meter.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var began = clock.GetTimestamp();
                _meter.PassBegins();
                await ReadAllAsync().ConfigureAwait(false);
                _meter.PassEnded(clock.GetUtcNow());
                logger.LogInformation("All files were read to find damage, in {Elapsed}.", clock.GetElapsedTime(began));
                var rest = options.ScrubEvery - clock.GetElapsedTime(began);
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, clock, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // the store is closed
        }
    }

    private async Task ReadAllAsync()
    {
        for (var place = 0; segments.All is var all && place < all.Length; place++)
        {
            try
            {
                await CheckAsync(all[place]).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException) // the edge of a background task: what is behind can be checked all the same
            {
                _meter.FoundUnreadable();
                logger.LogError(error, "{Path} could not be checked for damage.", all[place].Path);
            }
        }
    }

    private async Task CheckAsync(Segment segment)
    {
        var (wasSealed, lastOp) = (segment.IsSealed, Math.Min(sealing.CommittedOp, segment.LastPlacedOp));
        var hasIndex = segment.Index is not SelfHealingIndex { IsMakeshift: false } index
            || await CheckIndexAsync(segment, index).ConfigureAwait(false);
        var damaged = lastOp < segment.Header.FirstOp ? [] : await CheckMessagesAsync(segment, wasSealed, lastOp).ConfigureAwait(false);
        if (damaged.Count > 0)
        {
            await ReportAsync(segment, damaged).ConfigureAwait(false);
        }

        if (segment.Index is SelfHealingIndex healing && (!hasIndex || (healing.IsMakeshift && damaged.Count == 0)))
        {
            healing.MakeAgain(); // messages were missing then
        }
    }

    // False where it can be made only once damaged messages are back in their places.
    private async Task<bool> CheckIndexAsync(Segment segment, SelfHealingIndex index)
    {
        var path = Path.ChangeExtension(segment.Path, ".idx");
        try
        {
            using var file = files.Open(path, DataFileMode.ReadDisk);
            var scrub = new IndexFileScrub(path, file, _reader);
            while (scrub.HasMore)
            {
                await SpendAsync(scrub.CheckPiece()).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IndexDamagedException or IOException)
        {
            _meter.FoundIndex();
            logger.LogWarning("{Reason} It is made again.", error.Message);
            return TryMakeAgain(index) || (segment.FirstLost is not null && await Healing!.TryAsync(index.MakeAgain).ConfigureAwait(false));
        }

        return true;
    }

    private bool TryMakeAgain(SelfHealingIndex index)
    {
        try
        {
            index.MakeAgain();
            return true;
        }
        catch (DymesException error) when (Reports is not null)
        {
            logger.LogWarning("{Reason} What can be got from the other members is got first.", error.Message);
            return false;
        }
    }

    private async Task<IReadOnlyList<ulong>> CheckMessagesAsync(Segment segment, bool isSealed, ulong lastOp)
    {
        using var file = files.Open(segment.Path, isSealed ? DataFileMode.ReadDisk : DataFileMode.Read);
        var scrub = new MessageFileScrub(segment, file, _reader, lastOp);
        while (scrub.HasMore)
        {
            await SpendAsync(scrub.CheckPiece()).ConfigureAwait(false);
        }

        if (isSealed)
        {
            scrub.CheckEnd();
            PutBack(segment.Path, scrub.Mended);
        }

        return scrub.Damaged;
    }

    // By a handle of its own: a flush that fails is told to no other.
    private void PutBack(string path, IReadOnlyList<(long Offset, byte[] Bytes)> mended)
    {
        if (mended.Count == 0)
        {
            return;
        }

        _meter.FoundMarks(mended.Count);
        logger.LogWarning("{Path}: {Count} marks between messages are damaged, the first of them at offset {Offset}. They are made again.", path, mended.Count, mended[0].Offset);
        using var file = files.Open(path, DataFileMode.ReadWrite);
        foreach (var (offset, bytes) in mended)
        {
            file.Write(bytes, offset);
        }

        file.Flush();
    }

    private async Task ReportAsync(Segment segment, IReadOnlyList<ulong> damaged)
    {
        _meter.FoundEntries(damaged.Count);
        logger.LogError(
            "{Path}: {Count} entries are damaged, the first of them op {Op} at offset {Offset}. {Remedy}",
            segment.Path, damaged.Count, damaged[0], segment.PlaceOf(damaged[0]).Offset,
            Reports is null ? "All others can be read. Stop the node and restore the file from a backup; `dymes verify` names the messages." : "They are got from the other members.");
        foreach (var op in Reports is null ? [] : damaged)
        {
            await Reports!.TellAsync(op, _stop.Token).ConfigureAwait(false);
        }

        await (Reports?.SettleAsync(_stop.Token) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    private Task SpendAsync(int bytes)
    {
        _meter.Read(bytes);
        return _pace.SpendAsync(bytes, _stop.Token);
    }
}
