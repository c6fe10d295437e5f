using System.Diagnostics;

namespace Dymes.Membership.Tests.Servers;

/// <summary>A server of somebody else's, in a process that ends with its owner, on a free port of 127.0.0.1.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    /// <summary>The path of a program, or null where it is not installed.</summary>
    public static string? Find(string program, params string[] directories) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(directories).Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>Starts a server, and waits for the line that says that it takes connections.</summary>
    public static async Task<ServerProcess> StartAsync(IReadOnlyList<string> command, string readyLine)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Launch(command, line =>
        {
            if (line.Contains(readyLine, StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        });
        await ready.Task.WaitAsync(Deadline);
        return new ServerProcess(process);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(IReadOnlyList<string> command)
    {
        var output = new List<string>();
        using var process = Launch(command, output.Add);
        await process.WaitForExitAsync().WaitAsync(Deadline);
        Assert.True(process.ExitCode == 0, string.Join('\n', output));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        _process.Dispose();
    }

    private static Process Launch(IReadOnlyList<string> command, Action<string> read)
    {
        var process = new Process { StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" } };
        process.OutputDataReceived += (_, line) => read(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => read(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
