namespace Dymes.Vsr.Messages;

/// <summary>A message from one replica to another. It may be lost, doubled, late or out of order.</summary>
/// <param name="Envelope">What every message begins with.</param>
public abstract record VsrMessage(Envelope Envelope)
{
    /// <summary>Which of the messages it is.</summary>
    public abstract MessageKind Kind { get; }

    /// <summary>The sender.</summary>
    public ReplicaNumber From => Envelope.From;

    /// <summary>The view that the sender is in.</summary>
    public ViewNumber View => Envelope.View;
}
