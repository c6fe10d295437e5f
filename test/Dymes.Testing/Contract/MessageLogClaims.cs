using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Contract;

/// <summary>What all claims about a log stand on: a fresh, empty log for each test, a clock that the test moves, and short words for the usual acts.</summary>
public abstract class MessageLogClaims : IAsyncLifetime
{
    private IMessageLog? _log;

    /// <summary>The log under test, empty at first.</summary>
    protected IMessageLog Log => _log ?? throw new InvariantViolation("the log is opened before a test runs");

    /// <summary>The clock that the log takes the time of ids from.</summary>
    protected SteppingClock Clock { get; } = new();

    /// <summary>Opens a new, empty log. Where it is disposable, the suite disposes of it.</summary>
    /// <param name="clock">Tells the time of ids.</param>
    protected abstract ValueTask<IMessageLog> OpenAsync(TimeProvider clock);

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => _log = await OpenAsync(Clock);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        switch (_log)
        {
            case IAsyncDisposable log:
                await log.DisposeAsync();
                break;
            case IDisposable log:
                log.Dispose();
                break;
        }
    }

    /// <summary>Appends messages that must all be taken.</summary>
    protected async Task<AppendReceipt[]> AppendAsync(params MessageDraft[] drafts)
    {
        var receipts = await RunAsync(MessageDraft.Request(drafts));
        Assert.All(receipts, receipt => Assert.Equal(AppendOutcome.Appended, receipt.Outcome));
        return receipts;
    }

    /// <summary>Imports messages with ids of their own, in any order.</summary>
    protected async Task<AppendReceipt[]> ImportAsync(params MessageDraft[] drafts)
    {
        var receipts = await RunAsync(Importing(MessageDraft.Request(drafts)));
        Assert.All(receipts, receipt => Assert.Equal(AppendOutcome.Appended, receipt.Outcome));
        return receipts;
    }

    /// <summary>Runs a request and gives its receipts, of which there is one a message.</summary>
    protected async Task<AppendReceipt[]> RunAsync(AppendRequest request)
    {
        var result = await Log.AppendAsync(request);
        Assert.Equal(request.Count, result.Receipts.Count);
        return [.. result.Receipts];
    }

    /// <summary>Runs a request and gives its outcomes.</summary>
    protected async Task<AppendOutcome[]> OutcomesAsync(AppendRequest request) => [.. (await RunAsync(request)).Select(receipt => receipt.Outcome)];

    /// <summary>How many messages the log holds.</summary>
    protected async Task<ulong> CountAsync() => (await Log.GetStatusAsync()).NextLsn.Value;

    /// <summary>The same request, with parents that may be missing.</summary>
    protected static AppendRequest Importing(AppendRequest request) => new()
    {
        Frames = request.Frames,
        Count = request.Count,
        IsAtomic = request.IsAtomic,
        Conditions = request.Conditions,
        IdempotencyKey = request.IdempotencyKey,
        AllowsMissingParents = true,
    };

    /// <summary>The same request, on conditions.</summary>
    protected static AppendRequest When(AppendRequest request, params VersionCondition[] conditions) => new()
    {
        Frames = request.Frames,
        Count = request.Count,
        IsAtomic = request.IsAtomic,
        Conditions = conditions,
        IdempotencyKey = request.IdempotencyKey,
        AllowsMissingParents = request.AllowsMissingParents,
    };

    /// <summary>An id of a day in 2020, older than all that the clock makes; the same for the same number.</summary>
    protected static MessageId OldId(int number) =>
        new(MessageId.FirstAt(new DateTimeOffset(2020, 2, 29, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() + number).Value + 7);
}
