using System.Globalization;
using System.Text;
using Dymes.Message;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Reading;

/// <summary>
/// Prints messages for people: time, position, id, channel, entries and the beginning of the body, one a line, as they come. A narrow terminal has a second line for what
/// begins with the channel: in one line nothing of a body would be seen.
/// </summary>
internal sealed class MessageLines(ToolTerminal terminal) : IMessageOutput
{
    private const int LsnWidth = 9;
    private const int ChannelWidth = 18;
    private const int BodyBytesShown = 400;
    private const int NarrowColumns = 110;
    private readonly bool _isNarrow = terminal.Columns < NarrowColumns;
    private bool _hasHeading;

    private string Break => _isNarrow ? "\n    " : "  ";

    public void Write(MessageFrame frame)
    {
        if (!_hasHeading)
        {
            _hasHeading = true;
            terminal.Output.WriteLine($"{"time (UTC)",-23}  {"lsn",LsnWidth}  {(_isNarrow ? "id" : $"{"id",-26}")}{Break}{"channel",-ChannelWidth}  entries and body");
        }

        var head = string.Create(CultureInfo.InvariantCulture, $"{frame.Id.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}  {frame.Lsn.Value,LsnWidth}  {frame.Id}{Break}");
        var columns = terminal.Columns - head.Length + head.IndexOf('\n', StringComparison.Ordinal) + 1;
        var rest = $"{Fit(ChannelOf(frame)),-ChannelWidth}  {Entries(frame)}{Preview(frame.Body)}";
        terminal.Output.WriteLine(head + (rest.Length > columns ? string.Concat(rest.AsSpan(0, columns - 1), "…") : rest.TrimEnd()));
    }

    public void Flush() => terminal.Output.Flush();

    private static string ChannelOf(MessageFrame frame) => frame.TryGetKv(ReservedKeys.ChannelName, out var name)
        ? Encoding.UTF8.GetString(name)
        : frame.Channel.ToString();

    private static string Fit(string text) => text.Length <= ChannelWidth ? text : text[..(ChannelWidth - 1)] + "…";

    private static string Entries(MessageFrame frame)
    {
        var entries = new StringBuilder();
        for (var i = 0; i < frame.KvCount; i++)
        {
            var entry = frame.KvAt(i);
            if (!ReservedKeys.IsReserved(entry.Key))
            {
                entries.Append(Plain(entry.Key)).Append('=').Append(Plain(entry.Value)).Append(' ');
            }
        }

        return entries.Length == 0 ? "" : entries.Append(' ').ToString();
    }

    private static string Preview(ReadOnlySpan<byte> body)
    {
        var start = body[..Math.Min(body.Length, BodyBytesShown)];
        return System.Text.Unicode.Utf8.IsValid(Whole(start, body.Length)) ? Plain(start) : $"({body.Length} bytes) {Convert.ToHexStringLower(start[..Math.Min(start.Length, 24)])}";
    }

    // A cut in the middle of a character does not make a text binary.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> start, int length)
    {
        var end = start.Length;
        while (end < length && end > 0 && end > start.Length - 4 && (start[end - 1] & 0x80) != 0)
        {
            end--;
        }

        return start[..end];
    }

    // What would move a terminal's cursor or change its colours is shown as a dot.
    private static string Plain(ReadOnlySpan<byte> utf8) =>
        new([.. Encoding.UTF8.GetString(utf8).Select(symbol => char.IsControl(symbol) ? '·' : symbol)]);
}
