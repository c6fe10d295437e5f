using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Effects;

/// <summary>
/// One thing that a replica wants done. Effects are carried out in the order of the list. Writes to the log are done in their order; nothing else has to wait for them, because a
/// message that promises something durable is made only after the host has said that it is.
/// </summary>
public readonly struct Effect
{
    private readonly object? _subject;

    private Effect(EffectKind kind, object? subject, ulong number = 0, ulong op = 0, ulong lastOp = 0)
    {
        Kind = kind;
        _subject = subject;
        Number = number;
        Op = op;
        LastOp = lastOp;
    }

    /// <summary>What to do.</summary>
    public EffectKind Kind { get; }

    /// <summary>The write, generation, reading or read that the host names when it is done.</summary>
    public ulong Number { get; }

    /// <summary>The op that the effect is about.</summary>
    public ulong Op { get; }

    /// <summary>The last op of a reading.</summary>
    public ulong LastOp { get; }

    /// <summary>Whom to send to.</summary>
    public ReplicaNumber To => new((byte)Number);

    /// <summary>What to send.</summary>
    public VsrMessage Message => (VsrMessage)_subject!;

    /// <summary>What to write.</summary>
    public LogEntry Entry => (LogEntry)_subject!;

    /// <summary>The hard state to write.</summary>
    public DurableState State => (DurableState)_subject!;

    /// <summary>What to tell a client.</summary>
    public ClientReply Reply => (ClientReply)_subject!;

    internal static Effect Send(ReplicaNumber to, VsrMessage message) => new(EffectKind.Send, message, to.Value);

    internal static Effect Append(ulong write, LogEntry entry) => new(EffectKind.Append, entry, write, entry.Op);

    internal static Effect Truncate(ulong write, ulong afterOp) => new(EffectKind.Truncate, null, write, afterOp);

    internal static Effect Persist(ulong generation, DurableState state) => new(EffectKind.PersistState, state, generation);

    internal static Effect Read(ulong reading, ulong fromOp, ulong lastOp) => new(EffectKind.ReadEntries, null, reading, fromOp, lastOp);

    internal static Effect Rewrite(LogEntry entry) => new(EffectKind.Rewrite, entry, 0, entry.Op);

    internal static Effect Answer(ClientReply reply) => new(EffectKind.Reply, reply);

    internal static Effect Applied(ulong op) => new(EffectKind.Applied, null, 0, op);

    internal static Effect ReadReady(ulong read) => new(EffectKind.ReadReady, null, read);

    internal static Effect ReadRefused(ulong read) => new(EffectKind.ReadRefused, null, read);

    internal static Effect StatusChanged() => new(EffectKind.StatusChanged, null);
}
