namespace Dymes.Vsr.Messages;

/// <summary>How far a replica is one of the group.</summary>
public enum Standing : byte
{
    /// <summary>Its disk is empty, and it knows nothing of a group.</summary>
    Blank,

    /// <summary>It heard that all others are blank too, and has written down that the group begins with them.</summary>
    Forming,

    /// <summary>It was a member, lost what it may have promised, and is getting it back. It has no say.</summary>
    Recovering,

    /// <summary>It has all that it ever promised.</summary>
    Member,
}

/// <summary>VRR 4.3, to all: the sender has no memory that it may vote with.</summary>
/// <param name="Envelope">The newest view that the sender remembers or has been told: it takes over the log of no older one.</param>
/// <param name="Nonce">Never used before; comes back with the answers.</param>
/// <param name="Incarnation">The number that the sender goes on with, once a quorum of members has it on disk; 0 while it asks which numbers it had.</param>
/// <param name="Standing">The sender's standing. Whoever hears <see cref="Standing.Forming"/> knows that the sender will not be blank again.</param>
public sealed record Recover(Envelope Envelope, ulong Nonce, uint Incarnation, Standing Standing) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Recover;
}

/// <summary>VRR 4.3: answers <see cref="Recover"/>, in whatever status: the view that comes with it is what counts.</summary>
/// <param name="Envelope">The view that the sender has on disk.</param>
/// <param name="Nonce">As asked.</param>
/// <param name="Standing">The sender's standing.</param>
/// <param name="Incarnations">What the sender has on disk of all replicas' losses, the asker's number included.</param>
public sealed record RecoverReply(Envelope Envelope, ulong Nonce, Standing Standing, Incarnations Incarnations) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.RecoverReply;
}
