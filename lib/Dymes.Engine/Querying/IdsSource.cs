using Dymes.Message;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>Messages by their ids, in the order asked; ids that are not in the log are skipped.</summary>
internal sealed class IdsSource(LogView view, IReadOnlyList<MessageId> ids, ulong used) : IPlaceSource
{
    private int _next = (int)Math.Min(used, (ulong)ids.Count);

    public int Next(Span<MessagePlace> places)
    {
        var count = 0;
        while (count < places.Length && _next < ids.Count)
        {
            var id = ids[_next++];
            if (view.TryFind(id, out var segment, out var row))
            {
                places[count++] = new MessagePlace(segment, row, (ulong)_next);
            }
        }

        return count;
    }
}
