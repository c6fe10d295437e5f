using System.CommandLine;
using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Appending;

/// <summary>What <c>dymes append</c> takes.</summary>
internal sealed class AppendOptions
{
    private readonly Argument<string?> _body = new("body") { Description = "The body as text; - or nothing reads standard input.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _file = new("--file", "-f") { Description = "Read the body from this file.", HelpName = "FILE" };
    private readonly Option<string?> _channel = new("--channel") { Description = "The channel: a number, or a name that is remembered with it. Default 0.", HelpName = "CHANNEL" };
    private readonly Option<string?> _routing = new("--routing") { Description = "The routing bits, 128 at most, e.g. 0x5.", HelpName = "N" };
    private readonly Option<string[]> _kv = SelectionOptions.Repeatable("--kv", "An entry; the first = divides key and value.", "KEY=VALUE", "-k");
    private readonly Option<string?> _correlation = new("--correlation", "-c") { Description = "The message that this one follows from.", HelpName = "ULID" };
    private readonly Option<string?> _id = new("--id") { Description = "The message's id, where it shall not be made here.", HelpName = "ULID" };
    private readonly Option<long?> _expectedVersion = new("--expected-version")
    {
        Description = "Append only if the channel holds this many messages; -1: any.",
        HelpName = "N",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the receipt as JSON." };
    private readonly Option<string?> _idempotencyKey = new("--idempotency-key") { Description = "Sent again with this key, it is answered as the first time.", HelpName = "KEY" };

    public void AddTo(Command command)
    {
        command.Add(_body);
        command.Add(_file);
        command.Add(_channel);
        command.Add(_routing);
        command.Add(_kv);
        command.Add(_correlation);
        command.Add(_id);
        command.Add(_expectedVersion);
        command.Add(_idempotencyKey);
        command.Add(_json);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The request as told.</summary>
    public async Task<AppendRequest> ReadAsync(ParseResult parsed, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var builder = new FrameBuilder
        {
            Routing = parsed.GetValue(_routing) is { } routing ? OptionText.Number(routing, "--routing") : 0,
            CorrelationId = parsed.GetValue(_correlation) is { } correlation ? OptionText.Id(correlation, "--correlation") : MessageId.None,
            Id = parsed.GetValue(_id) is { } id ? OptionText.Id(id, "--id") : MessageId.None,
        };
        AddEntries(parsed, builder);
        SetChannel(parsed, builder);
        var key = parsed.GetValue(_idempotencyKey);
        if (key is not null)
        {
            IdempotencyMark.Put(builder, 1, key);
        }

        return new AppendRequest
        {
            Frames = builder.Build(await ReadBodyAsync(parsed, terminal, cancellationToken)),
            Count = 1,
            IdempotencyKey = key,
            Conditions = ReadCondition(parsed),
        };
    }

    private void AddEntries(ParseResult parsed, FrameBuilder builder)
    {
        foreach (var entry in parsed.GetValue(_kv) ?? [])
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw OptionText.Invalid("--kv", $"\"{entry}\" is no entry; write key=value.");
            }

            var key = Encoding.UTF8.GetBytes(entry[..equals]);
            if (ReservedKeys.IsReserved(key))
            {
                throw OptionText.Invalid("--kv", $"Keys that begin with {Encoding.UTF8.GetString(ReservedKeys.Prefix)} are the log's own; choose another.");
            }

            builder.AddKv(key, Encoding.UTF8.GetBytes(entry[(equals + 1)..]));
        }
    }

    private void SetChannel(ParseResult parsed, FrameBuilder builder)
    {
        if (parsed.GetValue(_channel) is not { } text)
        {
            return;
        }

        var (channel, name) = OptionText.Channel(text, "--channel");
        builder.Channel = channel;
        if (name is not null)
        {
            builder.AddKv(ReservedKeys.ChannelName, Encoding.UTF8.GetBytes(name));
        }
    }

    private VersionCondition[] ReadCondition(ParseResult parsed) => parsed.GetValue(_expectedVersion) switch
    {
        null or -1 => [],
        < -1 => throw OptionText.Invalid("--expected-version", "A version is a number of messages, or -1 for any."),
        { } version => [new VersionCondition(0, (ulong)version)],
    };

    private async Task<byte[]> ReadBodyAsync(ParseResult parsed, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var body = parsed.GetValue(_body);
        if (parsed.GetValue(_file) is { } file)
        {
            if (body is not null)
            {
                throw OptionText.Invalid("--file", "Give the body or --file, not both.");
            }

            await using var stream = File.OpenRead(file);
            return await ReadAsync(stream, cancellationToken);
        }

        return body is null or "-" ? await ReadAsync(terminal.Input, cancellationToken) : Encoding.UTF8.GetBytes(body);
    }

    // One byte more than can fit is enough to know that it does not.
    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while (bytes.Length <= MessageLimits.FrameBytesMax && (count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer, 0, count);
        }

        return bytes.Length <= MessageLimits.FrameBytesMax
            ? bytes.ToArray()
            : throw new DymesException(ErrorCode.TooLarge, $"The body has more than {MessageLimits.FrameBytesMax} bytes. Store it elsewhere and append a reference to it.");
    }
}
