namespace Dymes.Message.Log;

/// <summary>A log that may lag behind others of its group, and can make sure that it does not. Safe for concurrent use.</summary>
public interface IConfirmedReads
{
    /// <summary>Ends when every read that is made here afterwards sees everything that was acknowledged anywhere in the group before the call.</summary>
    /// <exception cref="Dymes.Common.DymesException">There is no primary that a majority follows.</exception>
    Task ConfirmAsync(CancellationToken cancellationToken = default);
}
