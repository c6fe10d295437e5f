using System.Net.Sockets;
using Dymes.Common;

namespace Dymes.Hosting.Operating;

/// <summary>The last word of a server that cannot go on: one line on the standard error, with the next step, and an exit code. No stack trace.</summary>
public static class FatalError
{
    /// <summary>Runs a server, and turns what ends it into an exit code.</summary>
    /// <param name="program">Its name, for the line.</param>
    /// <param name="run">The server.</param>
    public static async Task<int> GuardAsync(string program, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            return 0;
        }
        catch (Exception error)
        {
            var (code, message) = Explain(error);
            await Console.Error.WriteLineAsync($"{program}: {message}").ConfigureAwait(false);
            return ErrorCatalog.Describe(code).ExitCode;
        }
    }

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
                case UnauthorizedAccessException:
                    return (ErrorCode.StorageFailed, $"{cause.Message} Give this user the right to it, or choose another store.dataPath.");
            }
        }

        return (ErrorCode.Internal, $"{error.GetType().Name}: {error.Message} This is a bug; run it with --logging.level=debug and report what it says.");
    }
}
