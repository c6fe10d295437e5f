using System.Runtime.CompilerServices;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Http.Tests.Server;

/// <summary>A log that fails as a test wants it, or keeps an append waiting until the test lets it go.</summary>
internal sealed class StubbornLog(IMessageLog log) : IMessageLog
{
    private readonly SemaphoreSlim _arrived = new(0);

    /// <summary>What every append fails with.</summary>
    public DymesException? AppendFailure { get; set; }

    /// <summary>What every query fails with, after its first page.</summary>
    public DymesException? QueryFailure { get; set; }

    /// <summary>Completed when appends may go on.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Whether the log takes appends.</summary>
    public LogCondition Condition { get; set; } = LogCondition.Ready;

    /// <summary>The requests that came.</summary>
    public List<AppendRequest> Requests { get; } = [];

    /// <summary>Waits until an append has come.</summary>
    public Task ArrivalAsync() => _arrived.WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        _arrived.Release();
        await Gate;
        return AppendFailure is null ? await log.AppendAsync(request, cancellationToken) : throw AppendFailure;
    }

    public async IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in log.QueryAsync(query, cancellationToken))
        {
            yield return page;
            if (QueryFailure is not null)
            {
                throw QueryFailure;
            }
        }
    }

    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default) => log.SubscribeAsync(query, cancellationToken);

    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) => log.FindChannelAsync(channel, cancellationToken);

    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) =>
        log.ListChannelsAsync(after, limit, cancellationToken);

    public async ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var status = await log.GetStatusAsync(cancellationToken);
        return status with { Condition = Condition, Detail = Condition == LogCondition.Ready ? null : "The test says so." };
    }
}
