using System.Text;

namespace Dymes.Message.Log;

/// <summary>A condition on a message, decided on its frame's bytes.</summary>
public abstract record MessageFilter
{
    private protected MessageFilter()
    {
    }

    /// <summary>Whether the message passes.</summary>
    public abstract bool Passes(MessageFrame frame);
}

/// <summary>Passes messages of one channel.</summary>
/// <param name="Channel">The channel.</param>
public sealed record ChannelFilter(ChannelId Channel) : MessageFilter
{
    /// <inheritdoc/>
    public override bool Passes(MessageFrame frame) => frame.Channel == Channel;
}

/// <summary>Passes messages that have any routing bit of the mask.</summary>
/// <param name="Mask">The mask.</param>
public sealed record WideningFilter(UInt128 Mask) : MessageFilter
{
    /// <inheritdoc/>
    public override bool Passes(MessageFrame frame) => (frame.Routing & Mask) != 0;
}

/// <summary>Passes messages whose routing bits under the mask are exactly these.</summary>
/// <param name="Mask">The mask.</param>
/// <param name="Comparison">The bits; where a client leaves them out they are the mask.</param>
public sealed record NarrowingFilter(UInt128 Mask, UInt128 Comparison) : MessageFilter
{
    /// <inheritdoc/>
    public override bool Passes(MessageFrame frame) => (frame.Routing & Mask) == Comparison;
}

/// <summary>What a <see cref="KvFilter"/> asks of an entry.</summary>
public enum KvRelation
{
    /// <summary>The key is there.</summary>
    Has,

    /// <summary>The key is there with this value.</summary>
    Equal,

    /// <summary>The key has another value, or is not there.</summary>
    NotEqual,
}

/// <summary>Passes messages by a KV entry. Keys and values are compared byte by byte.</summary>
public sealed record KvFilter : MessageFilter
{
    private readonly byte[] _key;
    private readonly byte[] _value;

    /// <summary>Creates the filter.</summary>
    /// <param name="relation">What is asked.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; not used by <see cref="KvRelation.Has"/>.</param>
    public KvFilter(KvRelation relation, string key, string value = "")
    {
        Relation = relation;
        Key = key;
        Value = relation == KvRelation.Has ? "" : value;
        _key = Encoding.UTF8.GetBytes(Key);
        _value = Encoding.UTF8.GetBytes(Value);
    }

    /// <summary>What is asked.</summary>
    public KvRelation Relation { get; }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The value.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override bool Passes(MessageFrame frame)
    {
        var found = frame.TryGetKv(_key, out var value);
        return Relation switch
        {
            KvRelation.Has => found,
            KvRelation.Equal => found && value.SequenceEqual(_value),
            _ => !found || !value.SequenceEqual(_value),
        };
    }

    /// <inheritdoc/>
    public bool Equals(KvFilter? other) => other is not null && Relation == other.Relation && Key == other.Key && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Relation, Key, Value);
}
