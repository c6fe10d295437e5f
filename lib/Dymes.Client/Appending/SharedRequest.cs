using System.Buffers;
using Dymes.Message.Log;

namespace Dymes.Client.Appending;

/// <summary>Messages of several callers on their way as one request. Not thread-safe.</summary>
internal sealed class SharedRequest
{
    // What the node takes as a small batch, and answers in one go where it is a third of that.
    private const int FrameBytesMax = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _frames = new(4096);
    private readonly List<WaitingAppend> _parts = [];
    private readonly List<VersionCondition> _conditions = [];

    /// <summary>How many messages it has.</summary>
    public int Count => _parts.Count;

    /// <summary>Takes a message along, unless the request is full, or may be repeated where this may not.</summary>
    public bool TryAdd(WaitingAppend part)
    {
        if (Count > 0 && (part.IsRepeatable != _parts[0].IsRepeatable || _frames.WrittenCount + part.Request.Frames.Length > FrameBytesMax))
        {
            return false;
        }

        foreach (var condition in part.Request.Conditions)
        {
            _conditions.Add(condition with { MessageIndex = _parts.Count });
        }

        _frames.Write(part.Request.Frames.Span);
        _parts.Add(part);
        return true;
    }

    public AppendRequest ToRequest() => new() { Frames = _frames.WrittenMemory, Count = _parts.Count, Conditions = _conditions };

    /// <summary>Gives each caller its receipt.</summary>
    public void Answer(AppendResult result)
    {
        for (var i = 0; i < _parts.Count; i++)
        {
            _parts[i].Answer(result.Receipts[i]);
        }
    }

    /// <summary>Tells all callers why there is no answer.</summary>
    public void Fail(Exception trouble)
    {
        foreach (var part in _parts)
        {
            part.Fail(trouble);
        }
    }
}

/// <summary>A message whose caller waits for its receipt.</summary>
/// <param name="request">The message, with its condition.</param>
/// <param name="isRepeatable">Whether sending it twice appends it once.</param>
/// <param name="queueLock">Held while messages are copied into a request: a caller that gives up may use its memory anew.</param>
internal sealed class WaitingAppend(AppendRequest request, bool isRepeatable, Lock queueLock)
{
    private readonly TaskCompletionSource<AppendReceipt> _receipt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendRequest Request => request;

    public bool IsRepeatable => isRepeatable;

    /// <summary>Its receipt; completed too where the caller has given up.</summary>
    public Task<AppendReceipt> Receipt => _receipt.Task;

    public void Answer(AppendReceipt receipt) => _receipt.TrySetResult(receipt);

    public void Fail(Exception trouble) => _receipt.TrySetException(trouble);

    public void Cancel(CancellationToken token)
    {
        lock (queueLock)
        {
            _receipt.TrySetCanceled(token);
        }
    }
}
