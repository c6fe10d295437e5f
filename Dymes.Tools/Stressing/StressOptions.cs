using System.CommandLine;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Stressing;

/// <summary>What <c>dymes stress</c> takes.</summary>
internal sealed class StressOptions
{
    private const long MessagesPerBlock = 10_000;

    private readonly Option<long?> _messages = new("--messages", "-m") { Description = $"Messages (or queries) per block. Default {MessagesPerBlock}, unless --duration is given.", HelpName = "N" };
    private readonly Option<long> _iterations = new("--iterations", "-i") { Description = "How many blocks.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _duration = new("--duration", "-d") { Description = "How long, instead of how many, e.g. 30s or 5m; a bare number is seconds.", HelpName = "TIME" };
    private readonly Option<string> _warmUp = new("--warm-up") { Description = "Run this long before measuring.", HelpName = "TIME", DefaultValueFactory = _ => "0s" };
    private readonly Option<int?> _clients = new("--clients", "-c") { Description = "Requests under way at once. Default 16, with --rate 256.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Open loop: start this many requests a second, whether or not earlier ones were answered. Latency then counts from when a request was due.",
        HelpName = "N",
    };

    private readonly Option<int> _batch = new("--batch", "-b") { Description = "Messages of one append.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _size = new("--size") { Description = "Bytes of a body, e.g. 100 or 64k.", HelpName = "BYTES", DefaultValueFactory = _ => "1k" };
    private readonly Option<int> _channels = new("--channels") { Description = "Channels that the messages go to in turn.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _queries = new("--queries") { Description = "How many of a hundred requests are queries of a channel's latest messages.", HelpName = "PERCENT", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _queryLimit = new("--query-limit") { Description = "Messages that a query reads.", HelpName = "N", DefaultValueFactory = _ => 100 };

    public void AddTo(Command command)
    {
        command.Add(_messages);
        command.Add(_iterations);
        command.Add(_duration);
        command.Add(_warmUp);
        command.Add(_clients);
        command.Add(_rate);
        command.Add(_batch);
        command.Add(_size);
        command.Add(_channels);
        command.Add(_queries);
        command.Add(_queryLimit);
    }

    public StressPlan Read(ParseResult parsed)
    {
        const int ClosedClients = 16;
        const int OpenClients = 256;
        var rate = parsed.GetValue(_rate);
        var batch = parsed.GetValue(_batch);
        var size = parsed.GetValue(_size)!;
        if (!ByteSize.TryParse(size, out var bodyBytes) || bodyBytes > int.MaxValue)
        {
            throw OptionText.Invalid("--size", $"\"{size}\" is no size; write bytes, or a number with k or m.");
        }

        var plan = new StressPlan
        {
            Rate = rate,
            Clients = parsed.GetValue(_clients) ?? (rate is null ? ClosedClients : OpenClients),
            Requests = ReadRequests(parsed, batch),
            Duration = parsed.GetValue(_duration) is { } time ? OptionText.Time(time, "--duration") : null,
            WarmUp = OptionText.Time(parsed.GetValue(_warmUp)!, "--warm-up"),
            Batch = batch,
            BodyBytes = (int)bodyBytes,
            Channels = parsed.GetValue(_channels),
            QueryPercent = parsed.GetValue(_queries),
            QueryLimit = parsed.GetValue(_queryLimit),
        };
        plan.Validate();
        return plan;
    }

    private long? ReadRequests(ParseResult parsed, int batch)
    {
        var messages = parsed.GetValue(_messages);
        var iterations = parsed.GetValue(_iterations);
        if (messages is < 1 || iterations < 1)
        {
            throw OptionText.Invalid("--messages", "Blocks and messages per block are at least 1.");
        }

        return messages is null && parsed.GetValue(_duration) is not null ? null
            : Math.Max(1, ((messages ?? MessagesPerBlock) * iterations + batch - 1) / Math.Max(1, batch));
    }
}
