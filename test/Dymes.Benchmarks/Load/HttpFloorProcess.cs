using System.Diagnostics;
using System.Globalization;

namespace Dymes.Benchmarks.Load;

/// <summary><see cref="HttpFloor"/> in a process of its own, as the node is.</summary>
internal sealed class HttpFloorProcess : IAsyncDisposable
{
    public const string Verb = "serve-floor";
    private readonly Process _process;

    private HttpFloorProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    public static async Task<HttpFloorProcess> StartAsync(int port)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Dymes.Benchmarks.dll"), Verb, port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        return line == "Ready." ? new HttpFloorProcess(process, new Uri($"http://127.0.0.1:{port}/")) : throw new InvalidOperationException($"The empty server said: {line}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
