namespace Dymes.Vsr.Messages;

/// <summary>VRR 4.1, primary to backups: take this entry.</summary>
/// <param name="Envelope">Its view is the primary's.</param>
/// <param name="Entry">The entry.</param>
/// <param name="CommitOp">Everything up to here is committed.</param>
public sealed record Prepare(Envelope Envelope, LogEntry Entry, ulong CommitOp) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Prepare;
}

/// <summary>
/// VRR 4.1, backup to primary: all entries up to <paramref name="Op"/> are on this replica's disk, in the log of this view. It also answers <see cref="Commit"/>: the backup is in this view.
/// </summary>
/// <param name="Envelope">Its view is the primary's.</param>
/// <param name="Op">0 where the backup has not taken over the log of the view yet.</param>
/// <param name="Round">The newest <see cref="Commit.Round"/> that the backup has seen in this view.</param>
public sealed record PrepareOk(Envelope Envelope, ulong Op, ulong Round) : VsrMessage(Envelope)
{
    /// <summary>The backup's disk has no room for new requests. It still takes what was prepared before the primary knew.</summary>
    public bool IsFull { get; init; }

    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.PrepareOk;
}

/// <summary>VRR 4.1, primary to backups when it is idle, and to confirm that it still leads.</summary>
/// <param name="Envelope">Its view is the primary's.</param>
/// <param name="CommitOp">Everything up to here is committed.</param>
/// <param name="LastOp">The last op that the primary has prepared.</param>
/// <param name="Round">Grows with each round of confirmation.</param>
public sealed record Commit(Envelope Envelope, ulong CommitOp, ulong LastOp, ulong Round) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Commit;
}
