using Dymes.Client.Appending;
using Dymes.Client.Calls;
using Dymes.Client.Reading;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dymes.Client;

/// <summary>
/// A Dymes log over HTTP. Calls that fail for a passing reason are tried again, an append only where that cannot double a message; a stream of messages goes on behind the last
/// one after a broken connection, without gap or repeat. Whichever nodes answer, a read includes what this client has appended and read before. Safe for concurrent use; one client serves a whole process.
/// </summary>
public sealed class DymesClient : IMessageLog, IClusterStatus, IDisposable
{
    private readonly NodeCalls _calls;
    private readonly SharedAppends _appends;

    /// <summary>Creates a client. It connects when it is first used.</summary>
    /// <param name="options">Where the nodes are, and how patient to be.</param>
    /// <param name="logger">Is told of failures that are tried again, and at debug level of every request; null: nobody is.</param>
    /// <exception cref="DymesException">An option is out of its range.</exception>
    public DymesClient(DymesClientOptions options, ILogger? logger = null)
        : this(options, NodeHttp.CreateHandler(Checked(options)), TimeProvider.System, logger)
    {
    }

    internal DymesClient(DymesClientOptions options, HttpMessageHandler handler, TimeProvider clock, ILogger? logger = null)
    {
        options.Validate();
        var log = new CallLog(logger ?? NullLogger.Instance);
        _calls = new NodeCalls(new NodeHttp(options, handler, clock), new RetryPolicy(options, clock, log), log);
        _appends = new SharedAppends(_calls, options.MakesIds ? new IdMaker(clock) : null, options.SingleAppendsMax);
        Cursors = new DymesCursors(_calls);
    }

    /// <summary>The cursors of the nodes.</summary>
    public IMessageCursors Cursors { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Cancelling gives up the wait for the answer: a request that was sent may still be carried out. Messages that many callers append at once, one each, go together
    /// (<see cref="DymesClientOptions.SingleAppendsMax"/>).
    /// </remarks>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellationToken = default)
    {
        request.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        return SharedAppends.Takes(request) ? _appends.AppendAsync(request, cancellationToken) : _appends.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>After a broken connection the rest is as of the new connection.</remarks>
    public IAsyncEnumerable<FramePage> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.Validate();
        return new MessageStream(_calls, query, IsLive: false).ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FramePage> SubscribeAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.ValidateForSubscription();
        return new MessageStream(_calls, query, IsLive: true).ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ChannelSummary?> FindChannelAsync(ChannelId channel, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await _calls.GetAsync($"api/v1/channels/{channel}", AnswerJson.Default.ChannelAnswer, cancellationToken).ConfigureAwait(false);
            return answer.ToSummary();
        }
        catch (DymesException missing) when (missing.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChannelSummary>> ListChannelsAsync(ChannelId? after, int limit, CancellationToken cancellationToken = default)
    {
        var from = after is { } channel ? $"&after={channel}" : "";
        var answer = await _calls.GetAsync($"api/v1/channels?limit={limit}{from}", AnswerJson.Default.ChannelsAnswer, cancellationToken).ConfigureAwait(false);
        return [.. answer.Channels.Select(item => item.ToSummary())];
    }

    /// <inheritdoc/>
    public async ValueTask<LogStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var answer = await _calls.GetAsync("api/v1/status", AnswerJson.Default.StatusAnswer, cancellationToken).ConfigureAwait(false);
        return answer.ToStatus();
    }

    /// <inheritdoc/>
    public ValueTask<ClusterReport> GetClusterAsync(CancellationToken cancellationToken = default) => _calls.RunAsync(ClusterCall.Instance, isRepeatable: true, cancellationToken);

    /// <summary>Closes the connections. Calls under way fail.</summary>
    public void Dispose() => _calls.Dispose();

    private static DymesClientOptions Checked(DymesClientOptions options)
    {
        options.Validate();
        return options;
    }
}
