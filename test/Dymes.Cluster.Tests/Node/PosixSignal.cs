using System.Runtime.InteropServices;

namespace Dymes.Cluster.Tests.Node;

/// <summary>The call of POSIX that asks a process to stop; .NET offers only the one that kills it.</summary>
internal static partial class PosixSignal
{
    /// <summary>What Ctrl+C sends.</summary>
    public const int Interrupt = 2;

    /// <summary>What a service manager sends.</summary>
    public const int Terminate = 15;

    /// <summary>Stops a process where it is; nothing in it runs until <see cref="Continue"/>.</summary>
    public const int Stop = 19;

    /// <summary>Lets a stopped process go on.</summary>
    public const int Continue = 18;

    public static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
        {
            throw new InvalidOperationException($"Signalling process {process} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
