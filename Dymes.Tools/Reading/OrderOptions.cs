using System.CommandLine;
using Dymes.Message.Log;
using Dymes.Tools.Options;

namespace Dymes.Tools.Reading;

/// <summary>In which order messages come, and how many.</summary>
internal sealed class OrderOptions
{
    private readonly Option<string> _order = new("--order") { Description = "asc (the oldest first) or desc.", DefaultValueFactory = _ => "asc" };
    private readonly Option<string?> _by = new("--by") { Description = "lsn (the log's order) or time (of ids); time where --start or --end is given.", HelpName = "lsn|time" };
    private readonly Option<long?> _limit = new("--limit") { Description = "At most this many.", HelpName = "N" };

    public OrderOptions()
    {
        _order.AcceptOnlyFromAmong("asc", "desc");
        _by.AcceptOnlyFromAmong("lsn", "time");
    }

    public void AddTo(Command command)
    {
        command.Add(_order);
        command.Add(_by);
        command.Add(_limit);
    }

    public MessageQuery Read(ParseResult parsed, MessageQuery query)
    {
        var ordered = query with
        {
            Order = parsed.GetValue(_order) == "desc" ? QueryOrder.Descending : QueryOrder.Ascending,
            Limit = parsed.GetValue(_limit),
            Selection = ReadSelection(parsed.GetValue(_by), query.Selection),
        };
        ordered.Validate();
        return ordered;
    }

    private static MessageSelection ReadSelection(string? by, MessageSelection selection) => (by, selection) switch
    {
        (null, _) => selection,
        ("time", LogSelection or TimeSelection) => new TimeSelection(),
        (_, LogSelection or TimeSelection) => new LogSelection(),
        _ => throw OptionText.Invalid("--by", "A channel, a correlation and single messages have one order; leave out --by."),
    };
}
