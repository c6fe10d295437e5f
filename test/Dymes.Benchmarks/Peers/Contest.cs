using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers;

/// <summary>Who takes part in a contest.</summary>
/// <param name="Row">How the tables call it.</param>
/// <param name="Lack">Why it cannot take part; null: it does.</param>
/// <param name="RunAsync">Its turn.</param>
internal sealed record Contestant<TFigure>(TableRow Row, string? Lack, Func<Task<TFigure>> RunAsync)
    where TFigure : class;

/// <summary>Figures of many systems under the same circumstances, taken in turns, so that the machine's moods fall on all of them alike.</summary>
internal sealed class Contest(PeersRun run)
{
    /// <summary>Runs the rounds, and fills in a column of each table, also with what was measured before the run was stopped.</summary>
    /// <param name="column">The circumstances.</param>
    /// <param name="contestants">In the order of their turns.</param>
    /// <param name="tables">Tables, and what they take from a figure; null: nothing.</param>
    public async Task RunAsync<TFigure>(string column, IReadOnlyList<Contestant<TFigure>> contestants, params (ComparisonTable Table, Func<TFigure, double?> ValueOf)[] tables)
        where TFigure : class
    {
        Scores<TFigure>[] scores = [.. contestants.Select(contestant => new Scores<TFigure>(contestant))];
        try
        {
            for (var round = 1; round <= run.Options.Rounds; round++)
            {
                foreach (var score in scores)
                {
                    await TurnAsync(score, column, round);
                }
            }
        }
        finally
        {
            foreach (var (table, valueOf) in tables)
            {
                foreach (var score in scores.Where(score => score.IsToldOf))
                {
                    List<double> values = [.. score.Figures.Select(valueOf).OfType<double>()];
                    table.Add(score.Contestant.Row, column, values, score.Lack ?? (values.Count == 0 ? "–" : null));
                }
            }
        }
    }

    private async Task TurnAsync<TFigure>(Scores<TFigure> score, string column, int round)
        where TFigure : class
    {
        if (score.Lack is not null)
        {
            run.Progress.Skip();
            return;
        }

        run.DemandRoom();
        run.Progress.Step($"{column}, round {round}, {score.Contestant.Row.Name}");
        Resources.SettleDisk();
        var (figure, failure) = await run.TryAsync(score.Contestant.RunAsync, PeersRun.TurnDeadline);
        score.Add(figure, failure);
    }

    /// <summary>What a contestant has done. Who fails once is not asked again: its next failure may last as long.</summary>
    private sealed class Scores<TFigure>(Contestant<TFigure> contestant)
        where TFigure : class
    {
        public Contestant<TFigure> Contestant => contestant;

        public List<TFigure> Figures { get; } = [];

        public string? Lack { get; private set; } = contestant.Lack;

        public bool IsToldOf => Lack is not null || Figures.Count > 0;

        public void Add(TFigure? figure, string? failure)
        {
            Lack = failure;
            if (figure is not null)
            {
                Figures.Add(figure);
            }
        }
    }
}
