using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Http.Tests.Server;

/// <summary>A log of which a replica at hand has less: it catches up when it is asked for more.</summary>
/// <param name="whole">What the group has.</param>
/// <param name="behind">What the replica has.</param>
internal sealed class LaggingLog(IMessageLog whole, IMessageLog behind) : IMessageLog, IFreshReads
{
    private IMessageLog _here = behind;

    /// <summary>What was asked of it.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>When the primary gives its word; null: at once.</summary>
    public Task? Word { get; init; }

    public Lsn SeenEnd => Lsn.First;

    public IMessageLog Stale { get; } = behind;

    public void See(Lsn end) => Asked.Add($"see {end}");

    public Task ReachAsync(Lsn end, CancellationToken cancellationToken = default)
    {
        Asked.Add($"reach {end}");
        _here = whole;
        return Task.CompletedTask;
    }

    public Task ConfirmAsync(CancellationToken cancellationToken = default)
    {
        Asked.Add("confirm");
        _here = whole;
        return Word?.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default) => whole.AppendAsync(request, cancellationToken);

    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default) => _here.QueryAsync(query, cancellationToken);

    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default) => _here.SubscribeAsync(query, cancellationToken);

    public ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default) => _here.FindChannelAsync(channel, cancellationToken);

    public ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default) => _here.ListChannelsAsync(after, limit, cancellationToken);

    public ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default) => _here.GetStatusAsync(cancellationToken);
}
