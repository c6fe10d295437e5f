using System.Buffers;
using System.IO.Pipelines;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>
/// A batch of any length. Parts gather while requests are under way, a few at a time, and go when there is enough of them or nothing else to wait for: so a fast sender gets
/// large requests, a slow one quick answers, and neither more memory than a few requests. One loop owns it all.
/// </summary>
internal sealed class BatchStream(IMessageLog log, HttpContext http, IBatchItems items, BatchKind kind, bool allowsMissingParents, string form) : IDisposable
{
    private const int FlightsMax = 4;

    // As large as a flush wants to be; then several of them, and what readers hold, stay small.
    private const int FrameBytesUsual = 1024 * 1024;

    private readonly CreationRequestReader _reader = new();
    private readonly Queue<Flight> _flights = new();
    private readonly PooledBytes _bytes = new(16 * 1024);
    private readonly ReceiptLines _lines = new(form);
    private readonly bool _gathersAll = http.Request.ContentLength <= MessageLimits.RequestBytesMax;
    private bool _isReadToEnd;
    private Gathering _gathering = new();

    // Frames that fit into one request of the log are not taken apart, so a client's request is the log's request.
    private int FrameBytesWanted => kind.IsFrames && _gathersAll ? MessageLimits.RequestBytesMax : FrameBytesUsual;

    /// <summary>Runs until the body ends, or the node stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var pipe = http.Request.BodyReader;
        using var registration = stopping.Register(pipe.CancelPendingRead);
        var isDone = false;
        while (!isDone)
        {
            var result = await ReadAsync(pipe).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (!result.IsCanceled && items.TryTake(ref buffer, result.IsCompleted, out var item))
            {
                _gathering.Add(item, kind, _reader);
                if (_gathering.IsFull(FrameBytesWanted))
                {
                    await LaunchAsync().ConfigureAwait(false);
                }
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
            _isReadToEnd = result.IsCompleted;
            isDone = result.IsCompleted || stopping.IsCancellationRequested;
        }

        await FinishAsync(stopping).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // Whatever is left here was given up; its memory may still be read.
        _gathering.Abandon();
        foreach (var flight in _flights)
        {
            flight.Gathering.Abandon();
        }

        _bytes.Dispose();
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
            while (!reading.IsCompleted)
            {
                if (_flights.Count == 0 && !_gathering.IsEmpty && !_gathersAll)
                {
                    await LaunchAsync().ConfigureAwait(false);
                }

                if (_flights.Count == 0)
                {
                    break;
                }

                if (await Task.WhenAny(reading, _flights.Peek().Task).ConfigureAwait(false) != reading)
                {
                    await AnswerAsync(_flights.Dequeue()).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            pipe.CancelPendingRead();
            throw;
        }

        return await reading.ConfigureAwait(false);
    }

    private async ValueTask LaunchAsync()
    {
        while (_flights.Count >= FlightsMax)
        {
            await AnswerAsync(_flights.Dequeue()).ConfigureAwait(false);
        }

        var gathering = _gathering;
        _gathering = new Gathering();
        var task = gathering.Count == 0 ? Task.FromResult<AppendResult?>(null) : AppendAsync(gathering);
        _flights.Enqueue(new Flight(gathering, task));
    }

    private async Task<AppendResult?> AppendAsync(Gathering gathering) =>
        await log.AppendAsync(gathering.ToRequest(allowsMissingParents: allowsMissingParents)).ConfigureAwait(false);

    private async ValueTask AnswerAsync(Flight flight)
    {
        try
        {
            _lines.Write(_bytes, flight.Gathering, await flight.Task.ConfigureAwait(false));
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
            _lines.Write(_bytes, flight.Gathering, error);
            flight.Gathering.Abandon();
        }

        await SendAsync().ConfigureAwait(false);
    }

    private bool IsAllThereIs(Flight flight) =>
        _isReadToEnd && !http.Response.HasStarted && _flights.Count == 0 && _gathering.IsEmpty && flight.Gathering.FirstProblem is null;

    private async ValueTask SendAsync()
    {
        BytesAnswer.Begin(http, form);
        var flush = await http.Response.BodyWriter.WriteAsync(_bytes.Written).ConfigureAwait(false);
        _bytes.Clear();
        if (flush.IsCompleted)
        {
            throw new OperationCanceledException("The client does not take the answers any more.", http.RequestAborted);
        }
    }

    private async Task FinishAsync(CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
        {
            var line = _gathering.IsEmpty ? 0 : _gathering.Slots[^1].Line;
            var problem = Problem.Of(ErrorCode.NotReady, "The node is stopping and read no further. Send the rest to another node, or again in a while.");
            _gathering.Add(new BatchItem(line + 1, ReadOnlySequence<byte>.Empty, problem), kind, _reader);
        }

        if (!_gathering.IsEmpty)
        {
            await LaunchAsync().ConfigureAwait(false);
        }

        while (_flights.Count > 0)
        {
            await AnswerAsync(_flights.Dequeue()).ConfigureAwait(false);
        }

        _lines.WriteEnd(_bytes);
        await SendAsync().ConfigureAwait(false);
    }

    /// <summary>A gathering on its way to the log.</summary>
    private readonly record struct Flight(Gathering Gathering, Task<AppendResult?> Task);
}
