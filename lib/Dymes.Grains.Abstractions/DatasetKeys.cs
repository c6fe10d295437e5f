using System.Globalization;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions;

/// <summary>The keys of grains: the dataset's name, and for grains of a part of it a slash and the part.</summary>
public static class DatasetKeys
{
    /// <summary>The dataset that a node has when none is named.</summary>
    public const string DefaultDataset = "default";

    private const char Separator = '/';

    /// <summary>
    /// The key of the dataset's front by one of many doors, which are all alike. A caller outside the silos reaches each key through one silo, for as long as that is there; by another door it comes to another.
    /// </summary>
    /// <param name="dataset">The dataset's name.</param>
    /// <param name="door">Which door, from 0.</param>
    public static string OfDoor(string dataset, int door) => door == 0 ? dataset : Join(dataset, door.ToString(CultureInfo.InvariantCulture));

    /// <summary>The key of a channel's grain.</summary>
    public static string OfChannel(string dataset, ChannelId channel) => Join(dataset, channel.Value.ToString("x32", CultureInfo.InvariantCulture));

    /// <summary>The key of a message's correlation grain.</summary>
    public static string OfCorrelation(string dataset, MessageId id) => Join(dataset, id.ToString());

    /// <summary>The key of a cursor's grain.</summary>
    public static string OfCursor(string dataset, CursorId id) => Join(dataset, id.ToString());

    /// <summary>The dataset's name in a key.</summary>
    public static string DatasetOf(string key)
    {
        var separator = key.IndexOf(Separator);
        return separator < 0 ? key : key[..separator];
    }

    /// <summary>The channel in the key of its grain.</summary>
    /// <exception cref="FormatException">The key is not one of <see cref="OfChannel"/>.</exception>
    public static ChannelId ChannelOf(string key) => new(UInt128.Parse(PartOf(key), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>The message in the key of its correlation grain.</summary>
    /// <exception cref="FormatException">The key is not one of <see cref="OfCorrelation"/>.</exception>
    public static MessageId CorrelationOf(string key) =>
        MessageId.TryParse(PartOf(key), out var id) ? id : throw new FormatException($"'{key}' is not the key of a correlation grain.");

    /// <summary>The cursor in the key of its grain.</summary>
    /// <exception cref="FormatException">The key is not one of <see cref="OfCursor"/>.</exception>
    public static CursorId CursorOf(string key) =>
        CursorId.TryParse(PartOf(key), out var id) ? id : throw new FormatException($"'{key}' is not the key of a cursor grain.");

    private static string Join(string dataset, string part) => string.Concat(dataset, "/", part);

    private static ReadOnlySpan<char> PartOf(string key)
    {
        var separator = key.IndexOf(Separator);
        return separator < 0 ? throw new FormatException($"'{key}' names no part of a dataset.") : key.AsSpan(separator + 1);
    }
}
