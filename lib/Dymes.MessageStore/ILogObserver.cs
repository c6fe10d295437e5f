namespace Dymes.MessageStore;

/// <summary>Who adds messages, and is told what became of them. Called on the disk thread where nothing else is said: be quick and do not throw.</summary>
public interface ILogObserver
{
    /// <summary>The disk is free: what waits should be added now. Called with the store's gate held; what is gathered afterwards is written at once.</summary>
    void OnIdle();

    /// <summary>A write is durable, and so are all before.</summary>
    void OnDurable(in DurableWrite write);

    /// <summary>In a group: a committed entry is damaged, as the store itself has found. From any thread.</summary>
    void OnDamaged(ulong op);

    /// <summary>In a group: a damaged entry is back in its place, durably, and in the index. From any thread.</summary>
    void OnMended(ulong op);

    /// <summary>A write or flush failed. The store takes no more; what was not durable may or may not be found at the next start.</summary>
    void OnFailed(Exception error);
}
