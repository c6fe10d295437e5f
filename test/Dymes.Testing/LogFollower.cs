using System.Threading.Channels;
using Dymes.Message.Log;

namespace Dymes.Testing;

/// <summary>A subscriber that keeps what it is given. A test waits for it by count or by condition, never by time.</summary>
public sealed class LogFollower : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(byte[]? Frame, QueryPosition Position)> _given = Channel.CreateUnbounded<(byte[]?, QueryPosition)>();
    private readonly Task _reading;

    private LogFollower(IMessageLog log, MessageQuery query) => _reading = Task.Run(() => FollowAsync(log, query));

    /// <summary>Where the last frame or note was.</summary>
    public QueryPosition Position { get; private set; }

    /// <summary>Begins to follow.</summary>
    public static LogFollower Start(IMessageLog log, MessageQuery query) => new(log, query);

    /// <summary>The next frames, so many.</summary>
    public async Task<List<byte[]>> TakeAsync(int count)
    {
        var frames = new List<byte[]>();
        while (frames.Count < count)
        {
            if (await NextAsync() is { } frame)
            {
                frames.Add(frame);
            }
        }

        return frames;
    }

    /// <summary>The frames up to the note that everything that was there has been given.</summary>
    public async Task<List<byte[]>> TakeHistoryAsync()
    {
        var frames = new List<byte[]>();
        while (await NextAsync() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>All frames up to the end of the subscription, which its limit brings about.</summary>
    public async Task<List<byte[]>> TakeToEndAsync()
    {
        await _reading.WaitAsync(Deadline);
        var frames = new List<byte[]>();
        while (_given.Reader.TryRead(out var item))
        {
            if (item.Frame is not null)
            {
                frames.Add(item.Frame);
            }
        }

        return frames;
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.WaitAsync(Deadline);
        _stop.Dispose();
    }

    private async Task<byte[]?> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var (frame, position) = await _given.Reader.ReadAsync(deadline.Token);
        Position = position;
        return frame;
    }

    private async Task FollowAsync(IMessageLog log, MessageQuery query)
    {
        try
        {
            await foreach (var page in log.SubscribeAsync(query, _stop.Token))
            {
                Keep(page);
            }

            _given.Writer.Complete();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _given.Writer.Complete();
        }
        catch (Exception failure)
        {
            _given.Writer.Complete(failure);
        }
    }

    private void Keep(FramePage page)
    {
        foreach (var frame in Frames.Of(page))
        {
            _given.Writer.TryWrite((frame, page.Position));
        }

        if (page.Count == 0)
        {
            _given.Writer.TryWrite((null, page.Position));
        }
    }
}
