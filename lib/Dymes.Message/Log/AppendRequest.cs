using System.Text;
using Dymes.Common;

namespace Dymes.Message.Log;

/// <summary>
/// Messages to append together. A frame with an id of its own keeps it (a client-made id, an import); the others get one. Positions are always assigned.
/// </summary>
public sealed class AppendRequest
{
    /// <summary>The frames, back to back, built and sealed by <see cref="FrameBuilder"/> or checked with <see cref="MessageFrame.TryRead"/>.</summary>
    /// <remarks>At most <see cref="MessageLimits.RequestBytesMax"/> bytes.</remarks>
    public required ReadOnlyMemory<byte> Frames { get; init; }

    /// <summary>How many frames there are, 1 to <see cref="MessageLimits.RequestMessagesMax"/>.</summary>
    public required int Count { get; init; }

    /// <summary>All or none: a message that is refused refuses all. Otherwise each stands for itself.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Whether a message may name a parent that is not in the log: for imports in any order.</summary>
    public bool AllowsMissingParents { get; init; }

    /// <summary>Conditions on the versions of the messages' channels, in ascending order of their messages.</summary>
    public IReadOnlyList<VersionCondition> Conditions { get; init; } = [];

    /// <summary>
    /// A key under which the log remembers this request: sent again with the same content, it is answered as the first time and not run again. The request is then one
    /// message, or atomic. 1 to <see cref="MessageLimits.IdempotencyKeyBytesMax"/> UTF-8 bytes, or null.
    /// </summary>
    /// <remarks>Whoever builds the request also puts <see cref="ReservedKeys.IdempotencyKey"/> on its first frame; <see cref="IdempotencyMark"/> does it.</remarks>
    public string? IdempotencyKey { get; init; }

    /// <summary>Checks the sizes, the conditions and the idempotency key; the frames themselves were checked before.</summary>
    /// <exception cref="DymesException">A number is out of its range, or the parts contradict each other.</exception>
    public void Validate()
    {
        if (Count is < 1 or > MessageLimits.RequestMessagesMax)
        {
            throw new DymesException(ErrorCode.TooLarge, $"A request has {Count} messages; it must have 1 to {MessageLimits.RequestMessagesMax}. Split it.");
        }

        if (Frames.Length > MessageLimits.RequestBytesMax)
        {
            throw new DymesException(ErrorCode.TooLarge, $"A request has {Frames.Length} bytes of frames; at most {MessageLimits.RequestBytesMax} go together. Split it.");
        }

        ValidateConditions();
        if (IdempotencyKey is not null)
        {
            ValidateKey(IdempotencyKey);
        }
    }

    private void ValidateConditions()
    {
        var previous = -1;
        foreach (var condition in Conditions)
        {
            if (condition.MessageIndex <= previous || condition.MessageIndex >= Count)
            {
                throw Invalid($"A version condition names message {condition.MessageIndex}; conditions go in ascending order, one a message, and this request has {Count}.");
            }

            previous = condition.MessageIndex;
        }
    }

    private void ValidateKey(string key)
    {
        if (Encoding.UTF8.GetByteCount(key) is 0 or > MessageLimits.IdempotencyKeyBytesMax)
        {
            throw Invalid($"An idempotency key has 1 to {MessageLimits.IdempotencyKeyBytesMax} bytes in UTF-8.");
        }

        if (Count > 1 && !IsAtomic)
        {
            throw Invalid("An idempotency key goes with one message or an atomic batch: the parts of any other batch may fare differently.");
        }

        if (!IdempotencyMark.IsOn(Frames.Span, Count, key))
        {
            throw Invalid("The first message of a request with an idempotency key must carry its mark, or the log forgets the key at a restart: build it with IdempotencyMark.Put.");
        }
    }

    private static DymesException Invalid(string message) => new(ErrorCode.InvalidArgument, message);
}

/// <summary>A message is appended only when its channel holds this many messages just before it.</summary>
/// <param name="MessageIndex">Which message of the request, from 0.</param>
/// <param name="ExpectedVersion">The number of messages; those before it in the same request count.</param>
public readonly record struct VersionCondition(int MessageIndex, ulong ExpectedVersion);
