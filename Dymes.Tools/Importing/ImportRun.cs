using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Tools.Appending;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Importing;

/// <summary>What an import came to.</summary>
/// <param name="Read">Items read, those before the start left out.</param>
/// <param name="Appended">Messages that are new in the log.</param>
/// <param name="Present">Messages that were there before, with the same content.</param>
/// <param name="Refused">Items that were told as bad, by this tool or by the node.</param>
internal readonly record struct ImportCount(long Read, long Appended, long Present, long Refused);

/// <summary>Sends the items of an input in their order: while one batch is on its way the next is read. A bad item is told and left out, the rest goes on.</summary>
internal sealed class ImportRun(IMessageLog log, ImportSource source, ToolTerminal terminal, bool allowsMissingParents)
{
    // What this side counts and what the sending side counts is kept apart: both go on at the same time.
    private long _read;
    private long _unreadable;
    private long _appended;
    private long _present;
    private long _refused;
    private ImportBatch _filling = new();
    private ImportBatch _sending = new();

    /// <summary>Runs the import.</summary>
    /// <param name="start">Items before the one with this id are left out; none: from the first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ImportCount> RunAsync(MessageId start, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(terminal, "imported", source.TotalBytes);
        var isSkipping = !start.IsNone;
        var sending = Task.CompletedTask;
        try
        {
            while (await source.Items.NextAsync(cancellationToken) is { } item)
            {
                isSkipping = Add(item.Span, isSkipping, start);
                if (_filling.IsFull)
                {
                    await sending;
                    (_filling, _sending) = (_sending, _filling);
                    _filling.Clear();
                    sending = SendAsync(_sending, cancellationToken);
                    progress.Show(_read, source.BytesRead);
                }
            }
        }
        catch (OperationCanceledException) when (!sending.IsFaulted)
        {
            // A batch that was on its way tells it for itself.
            await sending;
            TellWhereToGoOn(_filling);
            throw;
        }
        catch (DymesException)
        {
            // Behind it nothing can be read; what was read goes to the node nevertheless.
            await sending;
            await SendAsync(_filling, cancellationToken);
            throw;
        }

        await sending;
        await SendAsync(_filling, cancellationToken);
        return isSkipping
            ? throw new DymesException(ErrorCode.NotFound, $"No item has the id {start}; nothing was imported.") { Field = "--start" }
            : new ImportCount(_read, _appended, _present, _unreadable + _refused);
    }

    // While skipping, an item is read for its id alone.
    private bool Add(ReadOnlySpan<byte> item, bool isSkipping, MessageId start)
    {
        try
        {
            var id = _filling.Add(item, source.Items.AreFrames, source.Items.Position);
            if (isSkipping && id != start)
            {
                _filling.RemoveLast();
                return true;
            }

            _read++;
        }
        catch (DymesException problem) when (!isSkipping)
        {
            _read++;
            _unreadable++;
            Tell(source.Items.Position, problem);
        }
        catch (DymesException)
        {
            return true;
        }

        return false;
    }

    private async Task SendAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            var result = await log.AppendAsync(batch.ToRequest(allowsMissingParents), cancellationToken);
            for (var i = 0; i < batch.Count; i++)
            {
                Note(batch.PositionOf(i), result.Receipts[i]);
            }
        }
        catch (DymesException refusal) when (refusal.Code is ErrorCode.InvalidArgument or ErrorCode.TooLarge)
        {
            // One of them is not acceptable to the node; each on its own tells which.
            await SendOneByOneAsync(batch, cancellationToken);
        }
        catch (Exception trouble) when (trouble is DymesException or OperationCanceledException)
        {
            TellWhereToGoOn(batch);
            throw;
        }
    }

    private async Task SendOneByOneAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            try
            {
                Note(batch.PositionOf(i), (await log.AppendAsync(batch.ToRequest(i, allowsMissingParents), cancellationToken)).First);
            }
            catch (DymesException refusal) when (refusal.Code is ErrorCode.InvalidArgument or ErrorCode.TooLarge)
            {
                _refused++;
                Tell(batch.PositionOf(i), refusal);
            }
        }
    }

    private void TellWhereToGoOn(ImportBatch batch)
    {
        if (batch.Count > 0)
        {
            Complaint.Tell(terminal, $"dymes: stopped at {batch.PositionOf(0)}; go on with --start {batch.FirstId}");
        }
    }

    private void Note(string position, AppendReceipt receipt)
    {
        _appended += receipt.Outcome == AppendOutcome.Appended ? 1 : 0;
        _present += receipt.Outcome == AppendOutcome.Replayed ? 1 : 0;
        if (!receipt.IsStored)
        {
            _refused++;
            Tell(position, Refusals.ToException(receipt));
        }
    }

    private void Tell(string position, DymesException problem) => Complaint.Tell(terminal, $"{position}: {Complaint.Describe(problem)}");
}
