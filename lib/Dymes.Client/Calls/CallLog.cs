using Microsoft.Extensions.Logging;

namespace Dymes.Client.Calls;

/// <summary>What a client logs: trouble that it is about to heal as a warning, once in a row of failures; each request and each further try at debug level.</summary>
internal sealed partial class CallLog(ILogger logger)
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Address}: {Status} after {Milliseconds:0.0} ms")]
    private partial void LogAnswered(HttpMethod method, Uri address, int status, double milliseconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Address}: no answer after {Milliseconds:0.0} ms: {Reason}")]
    private partial void LogBroken(HttpMethod method, Uri address, double milliseconds, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Trying again for up to {Seconds:0.###} s.")]
    private partial void LogFirstFailure(string reason, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Try {Number} in {Milliseconds:0} ms. {Reason}")]
    private partial void LogFurtherFailure(int number, double milliseconds, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The stream goes on at {Address} {Place}.")]
    private partial void LogResumed(Uri address, string place);

    public void Answered(HttpRequestMessage request, HttpResponseMessage response, TimeSpan time) =>
        LogAnswered(request.Method, request.RequestUri!, (int)response.StatusCode, time.TotalMilliseconds);

    public void Broken(HttpRequestMessage request, TimeSpan time, Exception reason) => LogBroken(request.Method, request.RequestUri!, time.TotalMilliseconds, reason.Message);

    /// <summary>The call will be tried again.</summary>
    /// <param name="reason">Why it has to be.</param>
    /// <param name="failures">How many tries failed, this one included.</param>
    /// <param name="wait">How long until the next one.</param>
    /// <param name="patience">How long there are tries at most.</param>
    public void Retrying(string reason, int failures, TimeSpan wait, TimeSpan patience)
    {
        if (failures == 1)
        {
            LogFirstFailure(reason, patience.TotalSeconds);
        }
        else
        {
            LogFurtherFailure(failures + 1, wait.TotalMilliseconds, reason);
        }
    }

    /// <summary>A stream that broke has found a connection again.</summary>
    public void Resumed(Uri address, string place) => LogResumed(address, place);
}
