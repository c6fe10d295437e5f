namespace Dymes.Vsr.Effects;

/// <summary>What a replica wants done.</summary>
public enum EffectKind : byte
{
    /// <summary>Send <see cref="Effect.Message"/> to the replica <see cref="Effect.To"/>. It may be lost.</summary>
    Send,

    /// <summary>Append <see cref="Effect.Entry"/> to the log, as write <see cref="Effect.Number"/>.</summary>
    Append,

    /// <summary>Cut off all entries after <see cref="Effect.Op"/>, and what is not readable behind them, as write <see cref="Effect.Number"/>.</summary>
    Truncate,

    /// <summary>Write <see cref="Effect.State"/>, as generation <see cref="Effect.Number"/>.</summary>
    PersistState,

    /// <summary>Read committed entries from <see cref="Effect.Op"/> to <see cref="Effect.LastOp"/>, as many as fit, and hand them in with <see cref="Effect.Number"/>.</summary>
    ReadEntries,

    /// <summary>Write <see cref="Effect.Entry"/> over its damaged copy, which has the same size.</summary>
    Rewrite,

    /// <summary>Give <see cref="Effect.Reply"/> to the client, if it is still there.</summary>
    Reply,

    /// <summary>Everything up to <see cref="Effect.Op"/> is committed and has been given to the state machine.</summary>
    Applied,

    /// <summary>The read <see cref="Effect.Number"/> may be served from this replica's state as it is now.</summary>
    ReadReady,

    /// <summary>The read <see cref="Effect.Number"/> could not be confirmed; ask again.</summary>
    ReadRefused,

    /// <summary>The replica has another status or view, for observers and for the routing of requests.</summary>
    StatusChanged,
}
