using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dymes.Benchmarks.Peers.Running;

/// <summary>A node of a system of somebody else's, through all its lives: each is a process, and its command stays.</summary>
internal sealed partial class PeerProcess(params IReadOnlyList<string> command) : IAsyncDisposable
{
    private const int LinesKept = 40;
    private const int Terminate = 15;
    private static readonly TimeSpan StopDeadline = TimeSpan.FromMinutes(2); // it may have much to write
    private readonly Queue<string> _lastLines = [];
    private Process? _process;
    private bool _isOver;

    public int Id => _process?.Id ?? throw new InvalidOperationException($"{command[0]} has not been started.");

    /// <summary>What asks it to stop.</summary>
    public int StopSignal { get; init; } = Terminate;

    /// <summary>Begins a life.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_isOver, this); // or a measurement that was given up would leave it behind
        _process?.Dispose();
        _process = new Process { StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" } };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Throws, with its last words, where it has ended by itself.</summary>
    public void ThrowIfEnded()
    {
        if (_process is { HasExited: true } ended)
        {
            lock (_lastLines)
            {
                throw new InvalidOperationException($"{command[0]} ended with {ended.ExitCode}:\n{string.Join('\n', _lastLines)}");
            }
        }
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } running)
        {
            Kill(running.Id, StopSignal);
            await running.WaitForExitAsync().WaitAsync(StopDeadline);
        }
    }

    /// <summary>Ends it as a power cut would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync().WaitAsync(StopDeadline);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await KillAsync();
        _process?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void Keep(string? line)
    {
        lock (_lastLines)
        {
            if (line is not null)
            {
                _lastLines.Enqueue(line);
            }

            while (_lastLines.Count > LinesKept)
            {
                _lastLines.Dequeue();
            }
        }
    }
}
