using System.IO.Pipelines;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>
/// A batch of any length. Parts gather while requests are under way, a few at a time, and go when there is enough of them or nothing else to wait for: so a fast sender gets
/// large requests, a slow one quick answers, and neither more memory than a few requests. A client that reads its answers late does not hold it up. One loop owns it all.
/// </summary>
internal sealed class BatchStream(IMessageLog log, HttpContext http, IBatchItems items, BatchKind kind, bool allowsMissingParents, ReceiptBacklog receipts) : IDisposable
{
    private const int FlightsMax = 4;

    // As large as a flush wants to be; then several of them, and what readers hold, stay small. With the last message it mostly fits into a pooled array of 1 MiB.
    private const int FrameBytesUsual = (1024 - 128) * 1024;

    // Whoever reads while it sends takes something in this time, on the slowest line that a batch of a million messages is sent on.
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(5);

    private readonly CreationRequestReader _reader = new();
    private readonly Queue<Flight> _flights = new();
    private readonly bool _gathersAll = http.Request.ContentLength <= MessageLimits.RequestBytesMax;
    private bool _isReadToEnd;
    private volatile bool _isOver;
    private Gathering _gathering = new();
    private long _lineNext = 1;
    private Problem? _ending;

    // Frames that fit into one request of the log are not taken apart, so a client's request is the log's request.
    private int FrameBytesWanted => kind.IsFrames && _gathersAll ? MessageLimits.RequestBytesMax : FrameBytesUsual;

    /// <summary>Runs until the body ends, the node stops, or the client has left too many answers unread.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var pipe = http.Request.BodyReader;
        using var registration = stopping.Register(() => StopReading(pipe));
        while (!_isReadToEnd && _ending is null)
        {
            var result = await ReadAsync(pipe).ConfigureAwait(false);
            var buffer = result.Buffer;
            try
            {
                while (!result.IsCanceled && _ending is null && items.TryTake(ref buffer, result.IsCompleted, out var item))
                {
                    _gathering.Add(item, kind, _reader);
                    if (_gathering.IsFull(FrameBytesWanted))
                    {
                        await LaunchAsync().ConfigureAwait(false);
                    }
                }
            }
            finally
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
            }

            _isReadToEnd = result.IsCompleted && !result.IsCanceled; // a read that was cancelled may hold a whole body of which nothing was taken
            if (!_isReadToEnd && stopping.IsCancellationRequested)
            {
                _ending ??= StopHere();
            }
        }

        await FinishAsync(pipe, stopping).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // Whatever is left here was given up; its memory may still be read.
        _gathering.Abandon();
        foreach (var flight in _flights)
        {
            flight.Gathering.Abandon();
        }
    }

    // A batch of which nothing was taken is refused as a whole, so that its sender knows that it may send it again.
    private Problem StopHere()
    {
        var problem = Problem.Of(ErrorCode.NotReady, "The node is stopping and read no further. Send the rest to another node, or again in a while.");
        return _lineNext == 1 && _gathering.IsEmpty ? throw new Refusal(problem) : problem;
    }

    // While nothing comes, answers go out; and where no answer is due either, what was gathered goes to the log.
    private async ValueTask<ReadResult> ReadAsync(PipeReader pipe)
    {
        var pending = pipe.ReadAsync();
        if (pending.IsCompleted)
        {
            return await pending.ConfigureAwait(false);
        }

        var reading = pending.AsTask();
        try
        {
            while (!reading.IsCompleted && _ending is null)
            {
                if (_flights.Count == 0 && !_gathering.IsEmpty && !_gathersAll)
                {
                    await LaunchAsync().ConfigureAwait(false);
                }

                await AnyOf(reading, _flights.TryPeek(out var next) ? next.Task : null, receipts.Sending).ConfigureAwait(false);
                while (_flights.TryPeek(out next) && next.Task.IsCompleted)
                {
                    await LandAsync().ConfigureAwait(false);
                }

                receipts.Send();
            }
        }
        catch
        {
            StopReading(pipe);
            throw;
        }

        if (_ending is not null)
        {
            StopReading(pipe);
        }

        return await reading.ConfigureAwait(false);
    }

    private static Task AnyOf(Task reading, Task? flight, Task? sending) => (flight, sending) switch
    {
        (null, null) => reading,
        (not null, null) => Task.WhenAny(reading, flight),
        (null, not null) => Task.WhenAny(reading, sending),
        _ => Task.WhenAny(reading, flight, sending),
    };

    private async ValueTask LaunchAsync()
    {
        while (_flights.Count >= FlightsMax)
        {
            await LandAsync().ConfigureAwait(false);
        }

        var gathering = _gathering;
        _gathering = new Gathering(gathering.FrameBytes); // the next is mostly as large: it need not grow there in steps
        if (await ReserveAsync(gathering).ConfigureAwait(false) is { } problem)
        {
            _lineNext = gathering.Slots[0].Line;
            _ending = problem;
            gathering.Dispose();
            return;
        }

        _lineNext = gathering.Slots[^1].Line + 1;
        var task = gathering.Count == 0 ? Task.FromResult<AppendResult?>(null) : AppendAsync(gathering);
        _flights.Enqueue(new Flight(gathering, task));
    }

    // Where there is no room for receipts, the client has time to make some. One that takes nothing meanwhile is taken for one that reads when it has sent all.
    private async ValueTask<Problem?> ReserveAsync(Gathering gathering)
    {
        while (receipts.TryReserve(gathering) is { } problem)
        {
            if (_flights.Count > 0)
            {
                await LandAsync().ConfigureAwait(false);
            }
            else if (!await receipts.WaitAsync(StallMax).ConfigureAwait(false))
            {
                return problem;
            }
        }

        return null;
    }

    private async Task<AppendResult?> AppendAsync(Gathering gathering) =>
        await log.AppendAsync(gathering.ToRequest(allowsMissingParents: allowsMissingParents)).ConfigureAwait(false);

    private async ValueTask LandAsync()
    {
        var flight = _flights.Dequeue();
        try
        {
            receipts.Add(flight.Gathering, await flight.Task.ConfigureAwait(false));
            flight.Gathering.Dispose();
        }
        catch (DymesException) when (IsAllThereIs(flight))
        {
            // Nothing of the batch was run, or all of it is unknown: that is for the status to say.
            flight.Gathering.Abandon();
            throw;
        }
        catch (DymesException error)
        {
            flight.Gathering.Abandon();
            receipts.Add(flight.Gathering, error);
        }
    }

    private bool IsAllThereIs(Flight flight) =>
        _isReadToEnd && !http.Response.HasStarted && _flights.Count == 0 && _gathering.IsEmpty && flight.Gathering.FirstProblem is null;

    private async Task FinishAsync(PipeReader pipe, CancellationToken stopping)
    {
        if (!_gathering.IsEmpty)
        {
            await LaunchAsync().ConfigureAwait(false);
        }

        while (_flights.Count > 0)
        {
            await LandAsync().ConfigureAwait(false);
        }

        // A client that reads when it has sent all must get there: what it still sends is passed over.
        var discarding = _isReadToEnd ? Task.CompletedTask : DiscardAsync(pipe);
        try
        {
            await receipts.FinishAsync(_lineNext, _ending).ConfigureAwait(false);
            await PatientOutput.TryWaitAsync(http, discarding, null, stopping).ConfigureAwait(false);
        }
        finally
        {
            _isOver = true;
            if (!discarding.IsCompleted)
            {
                StopReading(pipe); // never after the end: it would meet the connection's next request
            }

            await discarding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DiscardAsync(PipeReader pipe)
    {
        ReadResult result;
        do
        {
            result = await pipe.ReadAsync().ConfigureAwait(false);
            pipe.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted && !_isOver);
    }

    private static void StopReading(PipeReader pipe)
    {
        try
        {
            pipe.CancelPendingRead();
        }
        catch (ConnectionAbortedException)
        {
            // Whoever reads from a connection that was broken is told by the read itself.
        }
    }

    /// <summary>A gathering on its way to the log.</summary>
    private readonly record struct Flight(Gathering Gathering, Task<AppendResult?> Task);
}
