using System.Text.Json.Serialization.Metadata;
using Dymes.Common;

namespace Dymes.Client.Calls;

/// <summary>Runs calls: an attempt, and where it failed for a passing reason and may be repeated, another one.</summary>
internal sealed class NodeCalls(NodeHttp http, RetryPolicy retries, CallLog log) : IDisposable
{
    /// <summary>Runs a call until it has an answer, must not be repeated, or patience ends.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isRepeatable">Whether running it twice does no harm.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<TAnswer> RunAsync<TAnswer>(INodeCall<TAnswer> call, bool isRepeatable, CancellationToken cancellationToken)
    {
        var patience = retries.Begin();
        while (true)
        {
            var (answer, failure) = await TryAsync(call, cancellationToken).ConfigureAwait(false);
            if (failure is null)
            {
                return answer!;
            }

            if (failure.Effect == Effect.Unknown && !isRepeatable)
            {
                throw OutcomeUnknown(failure.Trouble);
            }

            await WaitOrThrowAsync(patience, failure, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for a JSON document.</summary>
    public ValueTask<TAnswer> GetAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken) =>
        RunAsync(new JsonCall<TAnswer>(path, type), isRepeatable: true, cancellationToken);

    /// <summary>Opens a stream of frames.</summary>
    /// <returns>The stream, or why it could not be opened.</returns>
    public async ValueTask<(NodeStream? Stream, FailedAttempt? Failure)> TryOpenAsync(Func<Uri, HttpRequestMessage> createRequest, CancellationToken cancellationToken)
    {
        var (address, turn) = http.Current();
        var silence = new SilenceWatch(http.StartTimeout(http.SilenceMax), http.SilenceMax, cancellationToken);
        HttpResponseMessage? response = null;
        FailedAttempt? failure;
        try
        {
            using var request = createRequest(address);
            Session.Claim(request);
            response = await SendAsync(request, silence.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
                return (new NodeStream(response, body, silence, address), null);
            }

            failure = FailedAttempt.Of(await Refusal.ReadAsync(response, retries.Clock, silence.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && silence.Token.IsCancellationRequested)
        {
            failure = FailedAttempt.TimedOut(address, http.SilenceMax);
        }
        catch (Exception broken) when (FailedAttempt.IsBrokenConnection(broken))
        {
            failure = FailedAttempt.Of(broken, address);
        }

        response?.Dispose();
        silence.Dispose();
        LeaveWhereGone(failure, turn);
        return (null, failure);
    }

    /// <summary>What has come through the client so far.</summary>
    public Session Session { get; } = new();

    /// <summary>What is logged of calls.</summary>
    public CallLog Log => log;

    /// <summary>Starts counting the failures of one call.</summary>
    public Patience BeginPatience() => retries.Begin();

    /// <summary>Waits before the next try, or throws what the failure means to the caller.</summary>
    public async ValueTask WaitOrThrowAsync(Patience patience, FailedAttempt failure, CancellationToken cancellationToken)
    {
        if (failure.Effect == Effect.Final || !await patience.WaitAsync(failure, http.AddressCount, cancellationToken).ConfigureAwait(false))
        {
            throw failure.Trouble;
        }
    }

    /// <summary>Asks another node from now on, where there is one.</summary>
    public void Leave(Uri address)
    {
        var (current, turn) = http.Current();
        if (current == address)
        {
            http.MoveOn(turn);
        }
    }

    public void Dispose() => http.Dispose();

    private async ValueTask<(TAnswer? Answer, FailedAttempt? Failure)> TryAsync<TAnswer>(INodeCall<TAnswer> call, CancellationToken cancellationToken)
    {
        var (address, turn) = http.Current();
        using var timeout = http.StartTimeout(http.AttemptTimeout);
        using var either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken) : null;
        var ending = either?.Token ?? timeout.Token;
        FailedAttempt failure;
        try
        {
            using var request = call.CreateRequest(address);
            if (call.IsRead)
            {
                Session.Claim(request);
            }

            using var response = await SendAsync(request, ending).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                Session.Learn(response);
                return (await call.ReadAsync(response, ending).ConfigureAwait(false), null);
            }

            failure = FailedAttempt.Of(await Refusal.ReadAsync(response, retries.Clock, ending).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && timeout.IsCancellationRequested)
        {
            failure = FailedAttempt.TimedOut(address, http.AttemptTimeout);
        }
        catch (Exception broken) when (FailedAttempt.IsBrokenConnection(broken))
        {
            failure = FailedAttempt.Of(broken, address);
        }

        LeaveWhereGone(failure, turn);
        return (default, failure);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var start = retries.Clock.GetTimestamp();
        try
        {
            var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            log.Answered(request, response, retries.Clock.GetElapsedTime(start));
            return response;
        }
        catch (Exception broken)
        {
            log.Broken(request, retries.Clock.GetElapsedTime(start), broken);
            throw;
        }
    }

    private void LeaveWhereGone(FailedAttempt failure, int turn)
    {
        if (failure.IsNodeGone)
        {
            http.MoveOn(turn);
        }
    }

    private static DymesException OutcomeUnknown(DymesException trouble) => trouble.Code == ErrorCode.OutcomeUnknown
        ? trouble
        : new DymesException(
            ErrorCode.OutcomeUnknown,
            $"{trouble.Message} Whether the messages were appended is not known; append with ids or an idempotency key, and it can be asked again.",
            trouble);
}
