using System.Text.Json;

namespace Dymes.Benchmarks.Load;

/// <summary>The figures of a run for programs: every round of every cell.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Of(string title, BenchOptions options, string commit, IReadOnlyList<ComparisonTable> tables) => JsonSerializer.Serialize(
        new
        {
            title,
            options.Command,
            commit,
            Machine = Machine.Describe(options.Directory),
            Tables = tables.Where(table => !table.IsEmpty).Select(table => new
            {
                table.Title,
                table.Unit,
                Cells = table.Cells.Select(cell => new { System = cell.Row.Name, Durability = cell.Row.Qualifier, cell.Column, cell.Values, cell.Lack }),
            }),
        },
        Indented);
}
