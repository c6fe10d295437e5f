using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Dymes.Cluster.Tests.Node;

/// <summary>
/// A real silo, gateway or tool in a process of its own: what a user starts, and what kill -9 ends. Owned by one test; the output is kept for its failure message.
/// </summary>
public sealed class NodeProcess : IAsyncDisposable
{
    // Servers stop with whoever runs the tests: one that was given up, or ran out of its time, leaves none behind.
    private const string EndsWithTests = "--until-input-ends";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _readyLine;

    private NodeProcess(ProcessStartInfo start, NodePorts ports, string readyLine)
    {
        (Ports, _readyLine) = (ports, readyLine);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
    }

    /// <summary>The directory of the programs that are started: those that were built beside the tests, or others such as published ones. Set before any is started.</summary>
    public static string Programs { get; set; } = AppContext.BaseDirectory;

    /// <summary>The ports it listens on.</summary>
    public NodePorts Ports { get; }

    /// <summary>The base address of the API.</summary>
    public Uri Http => new($"http://127.0.0.1:{Ports.Http}");

    /// <summary>The base address of metrics and dashboard.</summary>
    public Uri Ops => new($"http://127.0.0.1:{Ports.Ops}");

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to its standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it wrote to its standard error so far.</summary>
    public string Errors => Read(_errors);

    /// <summary>Starts a node and waits until it says that it is ready.</summary>
    /// <param name="dataPath">Its data directory.</param>
    /// <param name="ports">Its ports; null: free ones.</param>
    /// <param name="options">More options of its command line, such as <c>--store.syncLevel=messages</c>.</param>
    public static async Task<NodeProcess> StartAsync(string dataPath, NodePorts? ports = null, params string[] options)
    {
        var node = Launch(dataPath, ports, options);
        await node.WaitUntilReadyAsync();
        return node;
    }

    /// <summary>Starts a gateway, and waits until it says that it is ready: it found a silo.</summary>
    /// <param name="options">Options of its command line: where the silos are.</param>
    public static async Task<NodeProcess> StartGatewayAsync(params string[] options)
    {
        var ports = NodePorts.Free();
        var gateway = Run("dymes-gateway.dll", ports, [EndsWithTests, Option("http.port", ports.Http), Option("metrics.port", ports.Ops), .. options]);
        await gateway.WaitUntilReadyAsync();
        return gateway;
    }

    /// <summary>Starts the command line, and waits for a line that it ends with.</summary>
    /// <param name="readyLine">How the line ends that is waited for.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<NodeProcess> StartToolAsync(string readyLine, params string[] arguments)
    {
        var tool = Run("dymes.dll", NodePorts.Free(), arguments, readyLine);
        await tool.WaitUntilReadyAsync();
        return tool;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        var first = await Task.WhenAny(_ready.Task, _process.WaitForExitAsync()).WaitAsync(Deadline.OfWait);
        if (first != _ready.Task)
        {
            var (exitCode, errors, output) = (await WaitForExitAsync(), Errors, Output);
            await DisposeAsync();
            throw new InvalidOperationException($"The node exited with {exitCode} before it was ready.\n{errors}\n{output}");
        }
    }

    /// <summary>Starts a node and does not wait: for tests of what it refuses.</summary>
    public static NodeProcess Launch(string dataPath, NodePorts? ports = null, params string[] options) => LaunchUnder([], dataPath, ports, options);

    /// <summary>Starts a node by a command that becomes it, such as <c>unshare</c>, and does not wait.</summary>
    /// <param name="command">The command, which is followed by the node's; none: the node itself.</param>
    public static NodeProcess LaunchUnder(string[] command, string dataPath, NodePorts? ports = null, params string[] options)
    {
        ports ??= NodePorts.Free();
        return Run(
            "dymes-silo.dll",
            ports,
            [
                EndsWithTests,
                $"--store.dataPath={dataPath}",
                Option("http.port", ports.Http),
                Option("metrics.port", ports.Ops),
                Option("cluster.siloPort", ports.Silo),
                Option("cluster.gatewayPort", ports.Gateway),
                .. options,
            ],
            command: command);
    }

    /// <summary>Asks it to stop, as a service manager does (SIGTERM), and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        PosixSignal.Send(_process.Id, PosixSignal.Terminate);
        return await WaitForExitAsync();
    }

    /// <summary>Sends it a signal, and does not wait.</summary>
    public void Signal(int signal) => PosixSignal.Send(_process.Id, signal);

    /// <summary>Ends it as a power cut would (SIGKILL), and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Waits until it exits by itself, and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline.OfWait);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static NodeProcess Run(string program, NodePorts ports, IEnumerable<string> arguments, string readyLine = "Ready.", string[]? command = null)
    {
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        string[] all = [.. command ?? [], dotnet, Path.Combine(Programs, program), .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
        };
        var node = new NodeProcess(start, ports, readyLine);
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        return node;
    }

    private static string Option(string key, int value) => $"--{key}={value.ToString(CultureInfo.InvariantCulture)}";

    private static string Read(StringBuilder lines)
    {
        lock (lines)
        {
            return lines.ToString();
        }
    }

    private void Keep(StringBuilder lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.AppendLine(line);
        }

        if (line.EndsWith(_readyLine, StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }
}
