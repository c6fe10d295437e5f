using System.Globalization;
using Dymes.Benchmarks.Load;
using StackExchange.Redis;

namespace Dymes.Benchmarks.Peers.Redis;

/// <summary>Reads pages of 1,000 entries.</summary>
internal sealed class RedisReader(Func<IDatabase> database) : IReader
{
    private const int PageEntries = 1000;

    public string Name => "StackExchange.Redis, pages of 1,000";

    public string? Lack(Question question) => question switch
    {
        Question.Channel => "no index by channel; a stream for each has no order of all",
        Question.Tree => "no index by cause",
        _ => null,
    };

    public async Task<ReadResult> ReadAsync(Question question)
    {
        var (next, last) = question is Question.Between between ? (IdAt(between.From), IdAt(between.To)) : ("-", "+");
        var clock = new ReadingClock();
        while (await database().StreamRangeAsync(RedisPeer.Stream, next, last, PageEntries) is { Length: > 0 } page)
        {
            clock.Count(page.Length);
            next = $"({page[^1].Id}";
        }

        return clock.Stop();
    }

    private static string IdAt(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
