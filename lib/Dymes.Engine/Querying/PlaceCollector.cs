using Dymes.Common;
using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>Collects the positions that a source names.</summary>
internal static class PlaceCollector
{
    public static List<Lsn> Collect(IPlaceSource source, int limit)
    {
        var positions = new List<Lsn>();
        var places = new MessagePlace[PageReader.PlacesPerStep];
        while (positions.Count < limit)
        {
            var count = source.Next(places.AsSpan(0, Math.Min(places.Length, limit - positions.Count)));
            if (count == 0)
            {
                break;
            }

            foreach (var place in places.AsSpan(0, count))
            {
                positions.Add(place.Lsn);
            }
        }

        return positions;
    }
}
