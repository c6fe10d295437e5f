using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers.Running;

namespace Dymes.Benchmarks.Peers;

/// <summary>Who takes part in a contest.</summary>
/// <param name="Row">How the tables call it.</param>
/// <param name="Qualifier">What else stands in its row.</param>
/// <param name="Lack">Why it cannot take part; null: it does.</param>
/// <param name="RunAsync">Its turn.</param>
internal sealed record Contestant<TFigure>(string Row, string Qualifier, string? Lack, Func<Task<TFigure>> RunAsync)
    where TFigure : class;

/// <summary>Figures of many systems under the same circumstances, taken in turns.</summary>
internal sealed class Contest(PeersRun run)
{
    /// <summary>Runs the rounds, and fills in a column of each table.</summary>
    /// <param name="column">The circumstances.</param>
    /// <param name="contestants">In the order of their turns.</param>
    /// <param name="tables">Tables, and what they take from a figure; null: nothing.</param>
    public async Task RunAsync<TFigure>(string column, IReadOnlyList<Contestant<TFigure>> contestants, params (ComparisonTable Table, Func<TFigure, double?> ValueOf)[] tables)
        where TFigure : class
    {
        var turns = contestants.Select(contestant => (Func<Task<(TFigure? Figure, string? Failure)>>)(() => TurnAsync(contestant))).ToArray();
        var rounds = await Rounds.InTurnsAsync(run.Options.Rounds, turns);
        foreach (var (contestant, results) in contestants.Zip(rounds))
        {
            var lack = results.Select(result => result.Failure).FirstOrDefault(failure => failure is not null);
            foreach (var (table, valueOf) in tables)
            {
                List<double> values = [.. results.Where(result => result.Figure is not null).Select(result => valueOf(result.Figure!)).OfType<double>()];
                table.Add(contestant.Qualifier, new Comparison(contestant.Row, column, values, lack ?? (values.Count == 0 ? "–" : null)));
            }
        }
    }

    private async Task<(TFigure? Figure, string? Failure)> TurnAsync<TFigure>(Contestant<TFigure> contestant)
        where TFigure : class
    {
        if (contestant.Lack is { } lack)
        {
            return (null, lack);
        }

        Resources.SettleDisk();
        return await run.TryAsync(contestant.RunAsync);
    }
}
