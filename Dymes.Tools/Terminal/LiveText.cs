using System.Text;

namespace Dymes.Tools.Terminal;

/// <summary>Lines on standard output that are replaced as a whole, each time in one write, so that nothing flickers and nothing is left of what was there.</summary>
internal sealed class LiveText(ToolTerminal terminal)
{
    private const string EraseLineEnd = "\e[K";
    private const string EraseBelow = "\e[J";
    private int _shown;

    /// <summary>Shows how things are: as many lines as are seen at once, for what has left the screen cannot be replaced.</summary>
    public void Show(IReadOnlyList<string> lines) => Replace([.. lines.Take(terminal.Rows - 1)]);

    /// <summary>Shows how they came out: all of it stays.</summary>
    public void Finish(IReadOnlyList<string> lines)
    {
        Replace(lines);
        _shown = 0;
    }

    private void Replace(IReadOnlyList<string> lines)
    {
        // A key that was struck meanwhile, Ctrl-C too, is shown where the cursor is: at the beginning of a line, which is written over.
        var text = new StringBuilder("\r").Append(_shown > 0 ? $"\e[{_shown}A" : "");
        foreach (var line in lines)
        {
            text.Append(line.Length < terminal.Columns ? line : line[..(terminal.Columns - 1)]).Append(EraseLineEnd).Append('\n');
        }

        _shown = lines.Count;
        terminal.Output.Write(text.Append(EraseBelow).ToString());
        terminal.Output.Flush();
    }
}
