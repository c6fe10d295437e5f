namespace Dymes.Tools.Terminal;

/// <summary>The exit codes beside those of <see cref="Dymes.Common.ErrorCatalog"/>.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Done = 0;

    /// <summary>It went through, but some items were refused or some faults were found; each was told.</summary>
    public const int SomeRefused = 1;

    /// <summary>Interrupted: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>What the help says of them.</summary>
    public const string Help =
        "Exit codes: 0 done; 1 some items refused or faults found; 2 bad argument; 3 not found; 4 id holds another message; 5 channel has another version; 6 too large; "
        + "8 idempotency key used otherwise; 9 parent missing; 10 overloaded; 11 not ready; 12 outcome unknown; 13 disk full; 14 stored bytes damaged; 15 storage failed; "
        + "16 foreign file; 17 directory in use; 18 bad configuration file; 19 no connection; 20 not supported; 70 internal error; 130 interrupted.";
}
