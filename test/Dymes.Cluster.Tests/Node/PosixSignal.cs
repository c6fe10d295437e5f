using System.Runtime.InteropServices;

namespace Dymes.Cluster.Tests.Node;

/// <summary>The call of POSIX that asks a process to stop; .NET offers only the one that kills it.</summary>
internal static partial class PosixSignal
{
    private const int SigTerm = 15;

    public static void Terminate(int process)
    {
        if (Kill(process, SigTerm) != 0)
        {
            throw new InvalidOperationException($"Signalling process {process} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
