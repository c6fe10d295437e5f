using System.Buffers;
using System.Runtime.CompilerServices;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Http.Appending;

/// <summary>Parts of a batch that go to the log together, and those between them that could not be read.</summary>
/// <param name="frameBytes">How many bytes of frames are expected; there may be more.</param>
internal sealed class Gathering(int frameBytes = Gathering.FrameBytesUsual) : IDisposable
{
    /// <summary>How many bytes of frames are expected where nothing is known of them.</summary>
    public const int FrameBytesUsual = 64 * 1024;

    // A problem and its texts beside the detail, roughly.
    private const int ProblemBytes = 256;

    private readonly PooledBytes _frames = new(frameBytes);
    private readonly List<Slot> _slots = [];
    private readonly List<VersionCondition> _conditions = [];

    public IReadOnlyList<Slot> Slots => _slots;

    /// <summary>How many messages are good.</summary>
    public int Count { get; private set; }

    public int FrameBytes => _frames.Length;

    public bool IsEmpty => _slots.Count == 0;

    /// <summary>What the answers to it hold until they are sent.</summary>
    public long ReceiptBytes { get; private set; }

    /// <summary>Whether it should go now.</summary>
    /// <param name="frameBytes">How many bytes of frames are enough.</param>
    public bool IsFull(int frameBytes) => _slots.Count >= MessageLimits.RequestMessagesMax || _frames.Length >= frameBytes;

    /// <summary>The first part that could not be read.</summary>
    public Problem? FirstProblem { get; private set; }

    /// <summary>Makes a frame of a part, or notes why it is none.</summary>
    public void Add(in BatchItem item, BatchKind kind, CreationRequestReader reader)
    {
        var problem = item.Problem ?? TryAdd(item, kind, reader);
        FirstProblem ??= problem;
        _slots.Add(new Slot(item.Line, problem));
        ReceiptBytes += Unsafe.SizeOf<Slot>() + (problem is null ? Unsafe.SizeOf<AppendReceipt>() : ProblemBytes + (sizeof(char) * problem.Detail.Length));
    }

    public void AddCondition(VersionCondition condition) => _conditions.Add(condition);

    /// <summary>The request to the log. The memory is the gathering's.</summary>
    public AppendRequest ToRequest(bool isAtomic = false, bool allowsMissingParents = false, string? idempotencyKey = null) => new()
    {
        Frames = idempotencyKey is null ? _frames.Written : Marked(idempotencyKey),
        Count = Count,
        Conditions = _conditions,
        IsAtomic = isAtomic,
        AllowsMissingParents = allowsMissingParents,
        IdempotencyKey = idempotencyKey,
    };

    /// <summary>Leaves the memory to the garbage collector: the log may still be reading it.</summary>
    public void Abandon() => _frames.Abandon();

    public void Dispose() => _frames.Dispose();

    private Problem? TryAdd(in BatchItem item, BatchKind kind, CreationRequestReader reader)
    {
        byte[]? rented = null;
        try
        {
            var length = (int)item.Bytes.Length;
            if (!item.Bytes.IsSingleSegment)
            {
                rented = ArrayPool<byte>.Shared.Rent(length);
                item.Bytes.CopyTo(rented);
            }

            Add(rented is null ? item.Bytes.FirstSpan : rented.AsSpan(0, length), kind, reader);
            return null;
        }
        catch (DymesException error)
        {
            return Problem.Of(error) with { Line = item.Line };
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> bytes, BatchKind kind, CreationRequestReader reader)
    {
        if (kind.IsFrames)
        {
            // The mark of a request is on its first message.
            var frame = FrameAdmission.Admit(bytes, kind.Reserved == ReservedUse.OnAll || (kind.Reserved == ReservedUse.OnFirst && Count == 0));
            if (kind.Ids == RequestIds.Required && frame.Id.IsNone)
            {
                throw new DymesException(ErrorCode.InvalidArgument, "An import needs the message's id; this frame has none.");
            }

            frame.Bytes.CopyTo(_frames.GetSpan(frame.Bytes.Length));
            _frames.Advance(frame.Bytes.Length);
        }
        else if (reader.Read(bytes, _frames, kind.Ids).ExpectedVersion is { } version)
        {
            _conditions.Add(new VersionCondition(Count, version));
        }

        Count++;
    }

    // The mark tells how many messages the request has, so it can only be put on when all are there.
    private byte[] Marked(string key)
    {
        var frames = new FrameEnumerator(_frames.Written.Span);
        frames.MoveNext();
        var first = IdempotencyMark.AddTo(frames.Current, Count, key);
        return [.. first, .. _frames.Written.Span[frames.Current.Bytes.Length..]];
    }
}

/// <summary>A place in the answer: what became of the message is in the log's result, or why there is none.</summary>
/// <param name="Line">Which part of the batch it is.</param>
/// <param name="Problem">Set where it could not be read.</param>
internal readonly record struct Slot(long Line, Problem? Problem);

/// <summary>What the parts of a batch are.</summary>
/// <param name="IsFrames">Raw frames, not JSON.</param>
/// <param name="Ids">Whether they bring their ids.</param>
/// <param name="Reserved">Which raw frames may carry entries of the log's own.</param>
internal readonly record struct BatchKind(bool IsFrames, RequestIds Ids, ReservedUse Reserved);

/// <summary>Which frames of a batch may carry entries of the log's own, beside a channel's name.</summary>
internal enum ReservedUse
{
    /// <summary>None, unless it brings its id.</summary>
    OnNone,

    /// <summary>The first one: the mark of the request's idempotency key.</summary>
    OnFirst,

    /// <summary>All: they come from another log.</summary>
    OnAll,
}
