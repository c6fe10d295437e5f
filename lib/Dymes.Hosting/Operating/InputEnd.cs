using Microsoft.Extensions.Hosting;

namespace Dymes.Hosting.Operating;

/// <summary>Stops a server when its standard input ends. The other end of a pipe ends with the process that holds it, however that dies.</summary>
public static class InputEnd
{
    /// <summary>Watches the standard input from now on, and stops the server when it ends.</summary>
    public static void StopAtEnd(IHostApplicationLifetime lifetime) => StopAtEnd(lifetime, Console.OpenStandardInput());

    internal static void StopAtEnd(IHostApplicationLifetime lifetime, Stream input) => _ = Task.Run(async () =>
    {
        await input.CopyToAsync(Stream.Null, lifetime.ApplicationStopped).ConfigureAwait(false);
        lifetime.StopApplication();
    });
}
