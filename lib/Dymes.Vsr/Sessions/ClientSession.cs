namespace Dymes.Vsr.Sessions;

/// <summary>What is remembered of a client.</summary>
/// <param name="Client">The client.</param>
/// <param name="Session">The op of its registration.</param>
/// <param name="LastNumber">The number of its last committed request; 0 after the registration.</param>
/// <param name="LastOp">The entry of that request, from which its reply is derived.</param>
public readonly record struct ClientSession(ClientId Client, ulong Session, ulong LastNumber, ulong LastOp);
