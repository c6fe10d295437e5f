using Dymes.Common;
using Microsoft.Extensions.Logging;

namespace Dymes.Grains.Hosting;

/// <summary>
/// What leaves a Dymes grain is a <see cref="DymesException"/>, which every process can read, or a cancellation. The causes stay in this silo's log.
/// </summary>
internal sealed partial class ErrorCallFilter(ILogger<ErrorCallFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception error) when (context.Grain is DymesGrain && error is not (OperationCanceledException or DymesException))
        {
            LogUnexpected(error, context.TargetId.ToString(), context.MethodName);
            throw new DymesException(ErrorCode.Internal, "The storage node met an unexpected error; its log says more.", error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Grain} failed unexpectedly in {Method}")]
    private partial void LogUnexpected(Exception error, string grain, string method);
}
