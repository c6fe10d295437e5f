using System.CommandLine;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Tools.Options;

/// <summary>Which messages: at most one of single messages, a correlation and a channel; bounds and filters narrow it.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string[]> _single = Repeatable("--single", "Only this message; repeat it for several, in the order given.", "ULID");
    private readonly Option<string?> _correlation = new("--correlation", "-c") { Description = "A message and those it follows from, up to the root.", HelpName = "ULID" };
    private readonly Option<string> _direction = new("--direction")
    {
        Description = "Where a correlation goes: ancestors (up to the root) or descendants (all that follow).",
        DefaultValueFactory = _ => "ancestors",
    };

    private readonly Option<string?> _channel = new("--channel") { Description = "Only this channel: a number, or a name.", HelpName = "CHANNEL" };
    private readonly Option<string?> _start = new("--start", "-s") { Description = "From this time or id on, e.g. sod-1d, now-1h30m, 2026-11-22T10:00:00.123Z.", HelpName = "TIME" };
    private readonly Option<string?> _end = new("--end", "-e") { Description = "Up to this time or id, inclusive.", HelpName = "TIME" };
    private readonly Option<ulong?> _fromLsn = new("--from-lsn") { Description = "From this position on.", HelpName = "N" };
    private readonly Option<ulong?> _toLsn = new("--to-lsn") { Description = "Up to this position, inclusive.", HelpName = "N" };
    private readonly FilterOptions _filters = new();

    public SelectionOptions() => _direction.AcceptOnlyFromAmong("ancestors", "descendants");

    public void AddTo(Command command)
    {
        command.Add(_single);
        command.Add(_correlation);
        command.Add(_direction);
        command.Add(_channel);
        command.Add(_start);
        command.Add(_end);
        command.Add(_fromLsn);
        command.Add(_toLsn);
        _filters.AddTo(command);
    }

    /// <summary>The query as told; <paramref name="now"/> is what <c>now</c> means.</summary>
    public MessageQuery Read(ParseResult parsed, DateTimeOffset now)
    {
        var (selection, channelFilter) = ReadSelection(parsed);
        var filters = _filters.Read(parsed);
        return new MessageQuery
        {
            Selection = selection,
            Bounds = ReadBounds(parsed, now),
            Filters = channelFilter is null ? filters : [channelFilter, .. filters],
        };
    }

    /// <summary>Whether it was told where to begin.</summary>
    public bool HasStart(ParseResult parsed) => parsed.GetValue(_start) is not null || parsed.GetValue(_fromLsn) is not null;

    private (MessageSelection Selection, MessageFilter? ChannelFilter) ReadSelection(ParseResult parsed)
    {
        var singles = parsed.GetValue(_single) ?? [];
        var correlation = parsed.GetValue(_correlation);
        var channel = parsed.GetValue(_channel) is { } text ? OptionText.Channel(text, "--channel").Channel : (ChannelId?)null;
        if (singles.Length > 0 && correlation is not null)
        {
            throw new DymesException(ErrorCode.InvalidArgument, "Give --single or --correlation, not both.") { Field = "--correlation" };
        }

        if (singles.Length == 0 && correlation is null)
        {
            return channel is { } id ? (new ChannelSelection(id), null)
                : parsed.GetValue(_start) is not null || parsed.GetValue(_end) is not null ? (new TimeSelection(), null)
                : (new LogSelection(), null);
        }

        MessageFilter? filter = channel is { } only ? new ChannelFilter(only) : null;
        if (correlation is null)
        {
            return (new IdsSelection([.. singles.Select(single => OptionText.Id(single, "--single"))]), filter);
        }

        var root = OptionText.Id(correlation, "--correlation");
        return (parsed.GetValue(_direction) == "descendants" ? new DescendantsSelection(root) : new AncestorsSelection(root), filter);
    }

    private MessageBounds ReadBounds(ParseResult parsed, DateTimeOffset now)
    {
        var bounds = MessageBounds.Everything;
        return bounds with
        {
            FromId = parsed.GetValue(_start) is { } start ? TimeExpression.FirstId(start, now, "--start") : bounds.FromId,
            ToId = parsed.GetValue(_end) is { } end ? TimeExpression.LastId(end, now, "--end") : bounds.ToId,
            FromLsn = parsed.GetValue(_fromLsn) is { } from ? OptionText.Position(from, "--from-lsn") : bounds.FromLsn,
            ToLsn = parsed.GetValue(_toLsn) is { } to ? OptionText.Position(to, "--to-lsn") : bounds.ToLsn,
        };
    }

    internal static Option<string[]> Repeatable(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = true,
    };
}
