using Dymes.Common;

namespace Dymes.MessageStore;

/// <summary>Who adds messages, and is told what became of them. Called on the disk thread: be quick and do not throw.</summary>
public interface ILogObserver
{
    /// <summary>The disk is free: what waits should be added now. Called with the store's gate held; what is gathered afterwards is written at once.</summary>
    void OnIdle();

    /// <summary>Everything below <paramref name="end"/> is durable.</summary>
    /// <param name="end">The end of the durable log.</param>
    /// <param name="batchBytes">The size of the batch that was flushed.</param>
    /// <param name="elapsed">How long its write and flush took.</param>
    void OnDurable(Lsn end, int batchBytes, TimeSpan elapsed);

    /// <summary>A write or flush failed. The store takes no more; what was not durable may or may not be found at the next start.</summary>
    void OnFailed(Exception error);
}
