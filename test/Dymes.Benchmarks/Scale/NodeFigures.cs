using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Node;
using Dymes.Benchmarks.Peers.Running;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Scale;

/// <summary>The figures of a silo at each of its sizes: time, memory and disk.</summary>
internal sealed class NodeFigures
{
    private readonly ScaleRun _run;
    private readonly ComparisonTable _rate;
    private readonly ComparisonTable _answers;
    private readonly ComparisonTable _ready;
    private readonly ComparisonTable _memory;
    private readonly ComparisonTable _disk;

    /// <param name="run">The run.</param>
    /// <param name="title">What grows, and what stays.</param>
    /// <param name="by">What the sizes are.</param>
    public NodeFigures(ScaleRun run, string title, string by)
    {
        _run = run;
        _rate = run.AddTable($"{title}: appends", "messages/s", by, "Batches of frames by one client, while the silo grew to this size.");
        _answers = run.AddTable($"{title}: answers", "ms", by, "After a restart; the median of some questions to places all over the log. The page cache is warm.", new Curves());
        _ready = run.AddTable($"{title}: restart", "s", by, "From the start of the process until it says ready.", new Curves());
        _memory = run.AddTable($"{title}: memory", "MB", by, plot: new Curves());
        _disk = run.AddTable($"{title}: disk", "bytes a message", by);
    }

    /// <summary>Takes the figures of a silo of a size.</summary>
    /// <param name="node">The silo.</param>
    /// <param name="size">Its size, which names the column.</param>
    /// <param name="messages">How many messages it has.</param>
    /// <param name="channels">In how many channels.</param>
    /// <param name="perSecond">How fast it was filled at last.</param>
    public async Task TakeAsync(BenchNode node, long size, long messages, long channels, double perSecond)
    {
        var column = ScaleRun.ColumnOf(size);
        _rate.Add(new TableRow("appends"), column, [perSecond]);
        Resources.SettleDisk();
        _memory.Add(new TableRow("after filling"), column, [Resources.ResidentMegabytes(node.Process.Id)]);
        _disk.Add(new TableRow("disk"), column, [Resources.DiskBytes(node.DataPath) / (double)messages]);
        var restarts = await Rounds.InTurnsAsync(_run.Options.Rounds, node.RestartAsync);
        _ready.Add(new TableRow("restart"), column, restarts[0]);
        _memory.Add(new TableRow("after a restart"), column, [Resources.ResidentMegabytes(node.Process.Id)]);
        var questions = new NodeQuestions(node.Address, messages, channels);
        foreach (var (name, askAsync) in questions.All)
        {
            await askAsync(); // its code is compiled when it first runs
            var times = await Rounds.InTurnsAsync(_run.Options.Rounds, askAsync);
            _answers.Add(new TableRow(name), column, times[0]);
        }

        _memory.Add(new TableRow("after these questions"), column, [Resources.ResidentMegabytes(node.Process.Id)]);
        questions.Dispose();
    }
}
