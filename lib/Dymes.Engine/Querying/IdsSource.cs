using Dymes.Message;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>Messages by their ids, in the order asked; ids that are not in the log are skipped.</summary>
internal sealed class IdsSource(LogView view, IReadOnlyList<MessageId> ids, ulong used) : IPlaceSource
{
    private int _next = (int)Math.Min(used, (ulong)ids.Count);

    public int Next(Span<MessagePlace> places)
    {
        var (count, next) = (0, _next);
        while (count < places.Length && next < ids.Count)
        {
            if (view.TryFind(ids[next++], out var segment, out var row))
            {
                places[count++] = new MessagePlace(segment, row, (ulong)next);
            }
        }

        _next = next;
        return count;
    }
}
