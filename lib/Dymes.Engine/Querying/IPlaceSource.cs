using Dymes.MessageStore.Reading;

namespace Dymes.Engine.Querying;

/// <summary>Names the messages of a selection one after the other, from indexes alone, without reading them.</summary>
internal interface IPlaceSource
{
    /// <summary>Fills in the next places; returns how many, 0 at the end. Where it meets damage it throws, and may be asked for the same once more.</summary>
    int Next(Span<MessagePlace> places);
}
