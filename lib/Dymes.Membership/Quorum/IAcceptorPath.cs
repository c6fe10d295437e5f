namespace Dymes.Membership.Quorum;

/// <summary>The way to one acceptor of the group: this silo's own, or another's over the network.</summary>
internal interface IAcceptorPath
{
    /// <summary>Why there was no answer the last time, with name and place; null where there was one.</summary>
    string? Trouble { get; }

    /// <summary>Asks, and hears the answer within a time of its own; null where there is none: the request may or may not have arrived.</summary>
    Task<AcceptorAnswer?> AskAsync(AcceptorRequest request);
}
