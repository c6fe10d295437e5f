using System.Text;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Tests;

public sealed class TerminalTests : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();

    [Fact]
    public void Lines_of_standard_error_do_not_mix_with_a_progress_line()
    {
        using var terminal = Create();

        terminal.ShowProgress("10 of 20");
        terminal.WriteError("trouble\n");
        terminal.ShowProgress("9 of 9");
        terminal.ClearProgress();

        Assert.Equal("\r10 of 20\r          \rtrouble\n\r9 of 9\r        \r", Written(_error));
    }

    [Fact]
    public void A_progress_line_is_cut_where_it_would_wrap()
    {
        using var terminal = Create();

        terminal.ShowProgress(new string('x', 200));

        Assert.Equal($"\r{new string('x', 37)}", Written(_error));
    }

    [Fact]
    public void Live_lines_replace_each_other_and_the_last_ones_stay()
    {
        using var terminal = Create();
        var live = new LiveText(terminal);

        live.Show(["one", "two", "three", "four", "five", "six"]);
        live.Show([new string('y', 50)]);
        live.Finish(["a", "b", "c", "d", "e", "f"]);

        Assert.Equal(
            "\rone\e[K\ntwo\e[K\nthree\e[K\nfour\e[K\n\e[J" + $"\r\e[4A{new string('y', 39)}\e[K\n\e[J" + "\r\e[1Aa\e[K\nb\e[K\nc\e[K\nd\e[K\ne\e[K\nf\e[K\n\e[J",
            Written(_output));
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private ToolTerminal Create() => new(Stream.Null, _output, _error) { IsOutputWatched = true, IsErrorWatched = true, CanRedraw = true, Columns = 40, Rows = 5 };

    private static string Written(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
