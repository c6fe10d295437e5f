using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.Faults.Disks;

/// <summary>Makes the flushes of a process slow or lets them fail, from one moment to another, by <c>strace</c>.</summary>
internal sealed class SickDisk : IAsyncDisposable
{
    private readonly Process _strace;

    private SickDisk(Process strace) => _strace = strace;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Each flush takes so much longer.</summary>
    public static Task<SickDisk> StallAsync(int process, TimeSpan time) =>
        BeginAsync(process, string.Create(CultureInfo.InvariantCulture, $"delay_enter={time.TotalMicroseconds:0}"));

    /// <summary>Each flush fails as on a disk that is broken.</summary>
    public static Task<SickDisk> BreakAsync(int process) => BeginAsync(process, "error=EIO");

    /// <summary>The disk is well again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
        {
            PosixSignal.Send(_strace.Id, Node.PosixSignal.Interrupt); // it lets go of the process
            await _strace.WaitForExitAsync().WaitAsync(Deadline.OfWait);
        }

        _strace.Dispose();
    }

    private static async Task<SickDisk> BeginAsync(int process, string fault)
    {
        var start = new ProcessStartInfo("strace", ["-f", "-p", process.ToString(CultureInfo.InvariantCulture), "-e", "trace=fdatasync,fsync", "-e", $"inject=fdatasync,fsync:{fault}", "-o", "/dev/null"])
        {
            RedirectStandardError = true,
        };
        var strace = Process.Start(start)!;
        var attached = await strace.StandardError.ReadLineAsync().WaitAsync(Deadline.OfWait);
        Assert.Contains("attached", attached ?? "nothing", StringComparison.Ordinal);
        _ = strace.StandardError.ReadToEndAsync();
        return new SickDisk(strace);
    }

    private static string? FindMissing()
    {
        try
        {
            using var target = Process.Start("sleep", "5");
            using var strace = Process.Start(new ProcessStartInfo("timeout", ["1", "strace", "-p", target.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
            var said = strace.StandardError.ReadToEnd();
            target.Kill();
            return said.Contains("attached", StringComparison.Ordinal) ? null : $"strace cannot attach here: {said}";
        }
        catch (Win32Exception)
        {
            return "strace is not installed";
        }
    }
}
