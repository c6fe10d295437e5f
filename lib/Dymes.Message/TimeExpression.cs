using System.Globalization;
using Dymes.Common;

namespace Dymes.Message;

/// <summary>
/// Times as people write them, made bounds of ids: a ULID, <c>now</c>, <c>now-1h30m</c>, <c>sod+9h</c> (from the start of the UTC day), <c>HH:MM[:SS]</c> (today, UTC),
/// <c>YYYY</c>, <c>YYYY-MM</c>, <c>YYYY-MM-DD</c> (UTC) and RFC 3339. Exact to the millisecond.
/// </summary>
/// <remarks>
/// A start is the first id of its instant, an end the last. A date stands for the whole of its day, month or year, so that <c>from=2026-11&amp;to=2026-11</c> is November;
/// everything else is one millisecond. A space where a plus sign belongs is read as one: that is what a URL makes of it.
/// </remarks>
public static class TimeExpression
{
    private const string Forms = "Write a ULID, now, now-1h30m, sod+9h (from the start of the day), HH:MM[:SS], YYYY, YYYY-MM, YYYY-MM-DD or a time as 2026-11-22T10:00:00.123Z.";

    /// <summary>The lowest id that is not before the expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="now">What <c>now</c> and <c>sod</c> mean.</param>
    /// <param name="field">Which field or option it stands in, for the error.</param>
    /// <exception cref="DymesException">It is none.</exception>
    public static MessageId FirstId(string text, DateTimeOffset now, string? field = null) =>
        TryParse(text, now, out var first, out _) ? first : throw Refuse(text, field);

    /// <summary>The highest id that is not after the expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="now">What <c>now</c> and <c>sod</c> mean.</param>
    /// <param name="field">Which field or option it stands in, for the error.</param>
    /// <exception cref="DymesException">It is none.</exception>
    public static MessageId LastId(string text, DateTimeOffset now, string? field = null) =>
        TryParse(text, now, out _, out var last) ? last : throw Refuse(text, field);

    /// <summary>Reads an expression as both bounds of the time that it names.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, DateTimeOffset now, out MessageId first, out MessageId last)
    {
        if (MessageId.TryParse(text, out first))
        {
            last = first;
            return true;
        }

        var nowMilliseconds = now.ToUnixTimeMilliseconds();
        var dayMilliseconds = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();
        if (TryRelative(text, "now", nowMilliseconds, out var start)
            || TryRelative(text, "sod", dayMilliseconds, out start)
            || TryClock(text, dayMilliseconds, out start)
            || TryInstant(text, out start))
        {
            first = MessageId.FirstAt(start);
            last = MessageId.LastAt(start);
            return true;
        }

        var isDate = TryDate(text, out start, out var end);
        first = isDate ? MessageId.FirstAt(start) : default;
        last = isDate ? MessageId.LastAt(end) : default;
        return isDate;
    }

    private static bool TryRelative(ReadOnlySpan<char> text, string origin, long originMilliseconds, out long milliseconds)
    {
        milliseconds = originMilliseconds;
        return text.StartsWith(origin, StringComparison.OrdinalIgnoreCase) && TryAdd(text[origin.Length..], ref milliseconds);
    }

    // Terms such as -1h30m: a sign, then numbers with a unit, then maybe another sign.
    private static bool TryAdd(ReadOnlySpan<char> terms, ref long milliseconds)
    {
        Int128 sum = milliseconds;
        var sign = 0;
        while (!terms.IsEmpty)
        {
            if (terms[0] is '+' or ' ' or '-')
            {
                sign = terms[0] == '-' ? -1 : 1;
                terms = terms[1..];
            }

            var digits = terms.IndexOfAnyExceptInRange('0', '9');
            if (sign == 0 || digits < 1 || !long.TryParse(terms[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }

            var unit = UnitMilliseconds(terms[digits]);
            sum += (Int128)sign * count * unit;
            if (unit == 0 || Int128.Abs(sum) > MessageId.UnixMillisecondsMax)
            {
                return false;
            }

            terms = terms[(digits + 1)..];
        }

        milliseconds = (long)sum;
        return true;
    }

    private static long UnitMilliseconds(char unit) => unit switch
    {
        'd' or 'D' => 86_400_000,
        'h' or 'H' => 3_600_000,
        'm' or 'M' => 60_000,
        's' or 'S' => 1_000,
        _ => 0,
    };

    private static bool TryClock(ReadOnlySpan<char> text, long dayMilliseconds, out long milliseconds)
    {
        var parsed = TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        milliseconds = dayMilliseconds + (time.Ticks / TimeSpan.TicksPerMillisecond);
        return parsed;
    }

    private static bool TryDate(ReadOnlySpan<char> text, out long start, out long end)
    {
        (start, end) = (0, 0);
        if (!DateTime.TryParseExact(text, ["yyyy", "yyyy-MM", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return false;
        }

        // The last year has no next one.
        var days = text.Length switch
        {
            4 => DateTime.IsLeapYear(date.Year) ? 366 : 365,
            7 => DateTime.DaysInMonth(date.Year, date.Month),
            _ => 1,
        };
        start = new DateTimeOffset(date, TimeSpan.Zero).ToUnixTimeMilliseconds();
        end = start + (days * 86_400_000L) - 1;
        return true;
    }

    private static bool TryInstant(ReadOnlySpan<char> text, out long milliseconds)
    {
        const string Form = "yyyy-MM-ddTHH:mm:ss";
        const string OffsetForm = "+00:00";
        milliseconds = 0;
        if (text.Length <= Form.Length || text[10] is not ('T' or 't' or ' '))
        {
            return false;
        }

        var isUtc = text[^1] is 'Z' or 'z';
        var clock = text[..^(isUtc ? 1 : OffsetForm.Length)];
        var offset = isUtc ? OffsetForm : text[^OffsetForm.Length..];
        if (clock.Length < Form.Length || !TryFraction(clock[Form.Length..], out var fraction))
        {
            return false;
        }

        var whole = $"{clock[..10]}T{clock[11..Form.Length]}{(offset[0] == ' ' ? '+' : offset[0])}{offset[1..]}";
        var parsed = DateTimeOffset.TryParseExact(whole, "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        milliseconds = time.ToUnixTimeMilliseconds() + fraction;
        return parsed;
    }

    // As many digits as a client likes; those behind the third name a place within the millisecond.
    private static bool TryFraction(ReadOnlySpan<char> text, out int milliseconds)
    {
        milliseconds = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '.' || text.Length == 1 || text[1..].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        for (var digit = 1; digit <= 3; digit++)
        {
            milliseconds = (milliseconds * 10) + (digit < text.Length ? text[digit] - '0' : 0);
        }

        return true;
    }

    private static DymesException Refuse(string text, string? field) =>
        new(ErrorCode.InvalidArgument, $"\"{(text.Length > 64 ? text[..64] + "…" : text)}\" is no time. {Forms}") { Field = field };
}
