using System.Globalization;

namespace Dymes.Tools.Terminal;

/// <summary>Tells how far a long work is, how fast it goes and when it will be done, in the last line of standard error; only where somebody watches.</summary>
internal sealed class ProgressLine(ToolTerminal terminal, string verb, long? totalBytes = null) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = terminal.Clock.GetTimestamp();
    private long _shown = terminal.Clock.GetTimestamp();

    /// <summary>Shows where the work is, a few times a second.</summary>
    /// <param name="messages">Messages so far.</param>
    /// <param name="bytes">Bytes so far, of the total where there is one.</param>
    public void Show(long messages, long bytes)
    {
        if (terminal.IsErrorWatched && terminal.Clock.GetElapsedTime(_shown) >= Interval)
        {
            _shown = terminal.Clock.GetTimestamp();
            terminal.ShowProgress(Describe(verb, messages, bytes, totalBytes, terminal.Clock.GetElapsedTime(_start)));
        }
    }

    public static string Describe(string verb, long messages, long bytes, long? totalBytes, TimeSpan elapsed)
    {
        var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        var line = string.Create(CultureInfo.InvariantCulture, $"{verb} {messages:N0} messages, {ByteSize.Format(bytes)}, {messages / seconds:N0}/s");
        if (totalBytes is { } total && total > 0 && bytes > 0)
        {
            var left = TimeSpan.FromSeconds(Math.Max(0, (total - bytes) * seconds / bytes));
            line += string.Create(CultureInfo.InvariantCulture, $", {100.0 * bytes / total:0} %, {left:hh\\:mm\\:ss} left");
        }

        return line;
    }

    public void Dispose() => terminal.ClearProgress();
}
