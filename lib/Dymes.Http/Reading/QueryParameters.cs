using System.Globalization;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Dymes.Http.Reading;

/// <summary>Reads single parameters of a URL, and refuses those that a path does not have: a mistyped filter must not select everything.</summary>
internal sealed class QueryParameters
{
    private readonly IQueryCollection _query;

    public QueryParameters(HttpRequest request, params ReadOnlySpan<string> known)
    {
        _query = request.Query;
        foreach (var name in _query.Keys)
        {
            if (!known.Contains(name))
            {
                throw Refusal.Parameter(name, $"There is no parameter {name} here. The parameters are: {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    public bool Has(string name) => _query.ContainsKey(name);

    /// <summary>The value of a parameter that is given at most once.</summary>
    public string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var values))
        {
            return null;
        }

        return values.Count == 1 ? values[0] ?? "" : throw Refusal.Parameter(name, $"The parameter {name} is given {values.Count} times; give it once.");
    }

    /// <summary>All values of a parameter that may be given several times.</summary>
    public StringValues All(string name) => _query[name];

    public long? Number(string name, long min, long max)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Refusal.Parameter(name, $"The parameter {name} is a whole number from {min} to {max}.");
    }

    public Lsn? Position(string name) => Number(name, 0, long.MaxValue) is { } number ? new Lsn((ulong)number) : null;

    public MessageId? Id(string name) => Text(name) is { } text ? Id(name, text) : null;

    public MessageId[] Ids(string name)
    {
        var ids = new List<MessageId>();
        foreach (var list in All(name))
        {
            foreach (var text in (list ?? "").Split(','))
            {
                ids.Add(Id(name, text));
            }
        }

        return [.. ids];
    }

    public ChannelId? Channel(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return ChannelId.TryParse(text, out var channel, out _)
            ? channel
            : throw Refusal.Parameter(name, $"The parameter {name} is a number of at most 128 bits (decimal or 0x…), or a channel's name of 1 to {MessageLimits.ChannelNameBytesMax} bytes.");
    }

    /// <summary>One of several words.</summary>
    public TValue Choice<TValue>(string name, TValue otherwise, params ReadOnlySpan<(string Word, TValue Value)> choices)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (word == text)
            {
                return value;
            }

            words.Add(word);
        }

        throw Refusal.Parameter(name, $"The parameter {name} is one of: {string.Join(", ", words)}.");
    }

    private static MessageId Id(string name, string text) => MessageId.TryParse(text, out var id)
        ? id
        : throw new Refusal(Problem.Of(ErrorCode.InvalidArgument, $"The parameter {name} has \"{text}\", which is no ULID: 26 characters of Crockford base32, the first of them 0 to 7.") with { Field = name });
}
