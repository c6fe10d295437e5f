using System.CommandLine;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Tools.Options;

/// <summary>Conditions that every message must meet: routing masks and KV expressions.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string[]> _narrowing = SelectionOptions.Repeatable(
        "--narrowing", "Only messages with exactly these routing bits under the mask; CMP defaults to the mask. Numbers as 12, 0xff, 0b1010, 0o17, with underscores.", "MASK[:CMP]", "-n");

    private readonly Option<string[]> _widening = SelectionOptions.Repeatable("--widening", "Only messages with any routing bit of the mask.", "MASK", "-w");
    private readonly Option<string[]> _kv = SelectionOptions.Repeatable("--kv", "Only messages with this entry: key, key==value or key!=value; spaces count.", "EXPR", "-k");

    public void AddTo(Command command)
    {
        command.Add(_narrowing);
        command.Add(_widening);
        command.Add(_kv);
    }

    public IReadOnlyList<MessageFilter> Read(ParseResult parsed) =>
    [
        .. (parsed.GetValue(_narrowing) ?? []).Select(Narrowing),
        .. (parsed.GetValue(_widening) ?? []).Select(mask => new WideningFilter(OptionText.Number(mask, "--widening"))),
        .. (parsed.GetValue(_kv) ?? []).Select(Kv),
    ];

    private static NarrowingFilter Narrowing(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var mask = OptionText.Number(colon < 0 ? text : text[..colon], "--narrowing");
        return new NarrowingFilter(mask, colon < 0 ? mask : OptionText.Number(text[(colon + 1)..], "--narrowing"));
    }

    // The first == or != divides: a value may hold either, a key neither.
    private static KvFilter Kv(string text)
    {
        var equal = text.IndexOf("==", StringComparison.Ordinal);
        var unequal = text.IndexOf("!=", StringComparison.Ordinal);
        var at = equal < 0 ? unequal : unequal < 0 ? equal : Math.Min(equal, unequal);
        var key = at < 0 ? text : text[..at];
        if (key.Length == 0)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"\"{text}\" has no key; write key, key==value or key!=value.") { Field = "--kv" };
        }

        return at < 0 ? new KvFilter(KvRelation.Has, key) : new KvFilter(at == equal ? KvRelation.Equal : KvRelation.NotEqual, key, text[(at + 2)..]);
    }
}
