using System.Diagnostics;
using Dymes.Programs.Replicas;

namespace Dymes.Tools.Clustering;

/// <summary>
/// A storage node as a child process. It stops when its standard input ends, which it does when this process lets go of it or dies, however that happens. Its output goes to a file.
/// </summary>
internal sealed class SiloChild : IDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;
    private string _lastError = "";

    private SiloChild(ReplicaSeat seat, Process process, StreamWriter log) => (Seat, _process, _log) = (seat, process, log);

    public ReplicaSeat Seat { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last line of its standard error: a node that cannot start says there why.</summary>
    public string LastError
    {
        get
        {
            lock (_log)
            {
                return _lastError;
            }
        }
    }

    public static SiloChild Start(string program, LocalCluster cluster, ReplicaSeat seat)
    {
        var log = new StreamWriter(cluster.LogOf(seat), append: true) { AutoFlush = true };
        var process = new Process { StartInfo = SiloProgram.Start(program, "--config", cluster.ConfigOf(seat), "--until-input-ends") };
        process.StartInfo.WorkingDirectory = cluster.FolderOf(seat);
        var child = new SiloChild(seat, process, log);
        process.OutputDataReceived += (_, line) => child.Keep(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => child.Keep(line.Data, isError: true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken = default) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Lets it stop.</summary>
    public void LetGo() => _process.StandardInput.Close();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private void Keep(string? line, bool isError)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.WriteLine(line);
            _lastError = isError ? line : _lastError;
        }
    }
}
