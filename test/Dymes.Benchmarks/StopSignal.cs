using System.Runtime.InteropServices;

namespace Dymes.Benchmarks;

/// <summary>Ctrl+C and its like as a token: what was started is stopped and removed before the process ends.</summary>
internal sealed class StopSignal : IDisposable
{
    private const int Misused = 2;
    private const int Interrupted = 130; // as shells tell it
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => _source.Token;

    /// <summary>Runs to the end, or until the signal comes; returns the exit code.</summary>
    public async Task<int> RunAsync(Func<Task> runAsync)
    {
        try
        {
            await runAsync();
            return 0;
        }
        catch (ArgumentException misuse) when (misuse is { ParamName: null, InnerException: null })
        {
            Console.Error.WriteLine($"bench: {misuse.Message}");
            return Misused;
        }
        catch (Exception) when (_source.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        Console.Error.WriteLine("Stopping: what was started is ended and removed.");
        _source.Cancel();
    }
}
