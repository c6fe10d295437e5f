using Dymes.Common;
using Dymes.Message;

namespace Dymes.Tools.Importing;

/// <summary>Items that are raw frames. One whose content is damaged is passed over by its size; where a header is damaged nothing can be found behind it.</summary>
internal sealed class FrameItems(InputBuffer input) : IImportItems
{
    private long _item;

    public string Position => $"frame {_item}";

    public bool AreFrames => true;

    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var fault = Check(input.Unread, out var size);
            if (fault is FrameFault.None or FrameFault.PayloadChecksum or FrameFault.KvRange or FrameFault.Padding)
            {
                _item++;
                return input.Take(size);
            }

            if (fault != FrameFault.Truncated)
            {
                throw new DymesException(ErrorCode.InvalidArgument, $"Behind frame {_item}, at byte {input.Used}, there is no frame ({fault}).");
            }

            if (!await input.FillAsync(cancellationToken))
            {
                // The bare literal would become an empty memory, which is an item.
                return input.Unread.IsEmpty
                    ? (ReadOnlyMemory<byte>?)null
                    : throw new DymesException(ErrorCode.InvalidArgument, $"Behind frame {_item}, at byte {input.Used}, the input is cut off in the middle of a frame.");
            }
        }
    }

    private static FrameFault Check(ReadOnlySpan<byte> bytes, out int size)
    {
        size = MessageFrame.PeekSize(bytes);
        return MessageFrame.TryRead(bytes, out _);
    }
}
