namespace Dymes.Vsr.Messages;

/// <summary>Asks the primary from which op on a read sees everything that was acknowledged before.</summary>
/// <param name="Envelope">The view that the sender is in.</param>
/// <param name="Number">Comes back with the answer.</param>
public sealed record GetReadOp(Envelope Envelope, ulong Number) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.GetReadOp;
}

/// <summary>Answers <see cref="GetReadOp"/>, after a majority has confirmed that the sender still leads.</summary>
/// <param name="Envelope">The view that the sender is in.</param>
/// <param name="Number">As asked.</param>
/// <param name="Op">Whoever has applied this op may serve the read.</param>
public sealed record ReadOp(Envelope Envelope, ulong Number, ulong Op) : VsrMessage(Envelope)
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.ReadOp;
}
