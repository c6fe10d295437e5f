using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Http.Reading;

/// <summary>
/// A place in an answer as the parameter <c>cursor</c>: the position's token, and behind a point the bounds that it was made under where those depend on the time of the
/// request. So <c>from=now-1h</c> means the same hour on every page.
/// </summary>
internal static class PageCursor
{
    private const char Separator = '.';

    public static string Make(MessageQuery query, QueryPosition position, bool isRelative)
    {
        var token = position.ToToken(query);
        return isRelative ? $"{token}{Separator}{query.Bounds.FromId}{query.Bounds.ToId}" : token;
    }

    /// <summary>The query from the cursor's place on.</summary>
    public static MessageQuery Resume(MessageQuery query, string cursor)
    {
        var token = cursor.AsSpan();
        var separator = cursor.IndexOf(Separator, StringComparison.Ordinal);
        if (separator >= 0)
        {
            var bounds = cursor.AsSpan(separator + 1);
            if (bounds.Length != 2 * MessageId.TextLength
                || !MessageId.TryParse(bounds[..MessageId.TextLength], out var from) || !MessageId.TryParse(bounds[MessageId.TextLength..], out var to))
            {
                throw Bad();
            }

            query = query with { Bounds = query.Bounds with { FromId = from, ToId = to } };
            token = token[..separator];
        }

        return QueryPosition.TryParseToken(token, query, out var position) ? query with { After = position } : throw Bad();
    }

    private static Refusal Bad() => Refusal.Parameter("cursor", "The cursor is damaged or belongs to another query. Repeat the parameters of the query that gave it, or start without it.");
}
