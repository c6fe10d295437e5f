using System.Collections.Concurrent;
using Dymes.Http.Answering;
using Dymes.Message.Json;

namespace Dymes.Http.Appending;

/// <summary>What one request needs to become a frame: a reader and room for the frame. Used by one request at a time.</summary>
internal sealed class FrameDraft : IDisposable
{
    private const int FrameBytesUsual = 4096;
    private const int FrameBytesKept = 64 * 1024;

    private PooledBytes _frame = new(FrameBytesUsual);

    public CreationRequestReader Reader { get; } = new();

    public PooledBytes Frame => _frame;

    /// <summary>Makes it ready for the next request.</summary>
    /// <param name="isFrameFree">Whether nobody reads the frame any more.</param>
    public void Reset(bool isFrameFree)
    {
        if (!isFrameFree)
        {
            _frame.Abandon();
            _frame = new PooledBytes(FrameBytesUsual);
        }
        else if (_frame.Length > FrameBytesKept)
        {
            _frame.Dispose();
            _frame = new PooledBytes(FrameBytesUsual);
        }

        _frame.Clear();
    }

    public void Dispose() => _frame.Dispose();
}

/// <summary>Drafts at rest. It keeps as many as requests run side by side on a busy node, and no more.</summary>
internal sealed class FrameDrafts
{
    private const int KeptMax = 256;

    private readonly ConcurrentQueue<FrameDraft> _drafts = new();
    private int _kept;

    public FrameDraft Take()
    {
        if (!_drafts.TryDequeue(out var draft))
        {
            return new FrameDraft();
        }

        Interlocked.Decrement(ref _kept);
        return draft;
    }

    public void Return(FrameDraft draft, bool isFrameFree)
    {
        draft.Reset(isFrameFree);
        if (Interlocked.Increment(ref _kept) <= KeptMax)
        {
            _drafts.Enqueue(draft);
            return;
        }

        Interlocked.Decrement(ref _kept);
        draft.Dispose();
    }
}
