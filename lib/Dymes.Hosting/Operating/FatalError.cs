using System.Net.Sockets;
using Dymes.Common;
using Dymes.Programs.Logging;
using Microsoft.Extensions.Logging;

namespace Dymes.Hosting.Operating;

/// <summary>The last word of a server that cannot go on: one line on the standard error, with the next step, and an exit code. The stack comes at debug level only.</summary>
/// <param name="program">Its name, for the line.</param>
public sealed class FatalError(string program)
{
    /// <summary>How the line is written, once the settings are known: in the log's form, and at debug level with a stack.</summary>
    public LoggingSettings Logging { get; set; } = new();

    /// <summary>Runs the server, and turns what ends it into an exit code.</summary>
    /// <param name="run">The server.</param>
    public Task<int> GuardAsync(Func<Task> run) => GuardAsync(run, Console.Error);

    internal async Task<int> GuardAsync(Func<Task> run, TextWriter error)
    {
        try
        {
            await run().ConfigureAwait(false);
            return 0;
        }
        catch (Exception trouble)
        {
            var (code, message) = Explain(trouble);
            await error.WriteAsync(LineOf(message, trouble)).ConfigureAwait(false);
            return ErrorCatalog.Describe(code).ExitCode;
        }
    }

    private string LineOf(string message, Exception trouble)
    {
        var lines = new LogLines(Logging);
        return Logging.Format == LoggingFormat.Json ? lines.Format(new LogEvent(TimeProvider.System.GetUtcNow(), LogLevel.Critical, program, message, trouble))
            : $"{program}: {message}{Environment.NewLine}{(lines.ShowsStack ? $"{trouble}{Environment.NewLine}" : "")}";
    }

    // A failed bind is an IOException too, so what is more exact is looked for in all causes first.
    private static (ErrorCode Code, string Message) Explain(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case DymesException known:
                    return (known.Code, known.Message);
                case SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return (ErrorCode.ConfigurationInvalid, $"{error.Message} Stop the process that listens there, or choose other ports (http.port, metrics.port, cluster.siloPort, cluster.gatewayPort).");
                case SocketException { SocketErrorCode: SocketError.AddressNotAvailable }:
                    return (ErrorCode.ConfigurationInvalid, $"{error.Message} This machine has no such address; choose another http.host or metrics.host.");
                case UnauthorizedAccessException:
                    return (ErrorCode.StorageFailed, $"{cause.Message} Give this user the right to it, or choose another store.dataPath.");
            }
        }

        return error is IOException
            ? (ErrorCode.StorageFailed, $"{error.Message} Mend what is wrong with that place, or choose another store.dataPath.")
            : (ErrorCode.Internal, $"{error.GetType().Name}: {error.Message} This is a bug; run it with --logging.level=debug, which shows where, and report that.");
    }
}
