namespace Dymes.Benchmarks.Load;

/// <summary>Runs what is to be compared in turns, so that the machine's moods fall on all of them alike.</summary>
internal static class Rounds
{
    /// <summary>The figures of each contestant, one per round.</summary>
    public static async Task<IReadOnlyList<List<TFigure>>> InTurnsAsync<TFigure>(int rounds, params Func<Task<TFigure>>[] contestants)
    {
        var figures = contestants.Select(_ => new List<TFigure>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contestants.Length; i++)
            {
                figures[i].Add(await contestants[i]());
            }
        }

        return figures;
    }
}
