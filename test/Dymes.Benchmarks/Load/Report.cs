namespace Dymes.Benchmarks.Load;

/// <summary>The figures of a run as a page of markdown, with all that is needed to judge and to repeat them.</summary>
internal sealed class Report(string title, BenchOptions options)
{
    private const int LineCharsMax = 120;

    // Both are those of the beginning: what the run writes beside itself is no change of what it measures.
    private readonly string _commit = Machine.Commit;
    private readonly DateTimeOffset _time = TimeProvider.System.GetUtcNow();
    private readonly List<string> _facts = [];
    private readonly List<IReportTable> _tables = [];

    /// <summary>The tables whose rows are held against each other.</summary>
    public IEnumerable<ComparisonTable> Comparisons => _tables.OfType<ComparisonTable>();

    /// <summary>A failure as it fits into a cell of a table.</summary>
    public static string OneLine(Exception exception)
    {
        var line = exception.Message.Split('\n')[0].Trim().Replace('|', '/');
        return line.Length <= LineCharsMax ? line : $"{line[..LineCharsMax]}…";
    }

    /// <summary>Tells what else a reader must know.</summary>
    public void Add(string fact) => _facts.Add(fact);

    /// <summary>Adds a row to the table of this name.</summary>
    public void Add(string section, Measure measure)
    {
        if (_tables.OfType<MeasureTable>().FirstOrDefault(table => table.Title == section) is not { } found)
        {
            found = new MeasureTable(section);
            _tables.Add(found);
        }

        found.Measures.Add(measure);
        Console.WriteLine($"{section}: {measure.ToRow()}");
    }

    /// <summary>Adds a table, to be filled as the run goes on.</summary>
    public TTable Add<TTable>(TTable table)
        where TTable : IReportTable
    {
        _tables.Add(table);
        return table;
    }

    /// <summary>Runs a part of the run and saves what came of it. What breaks one part leaves the others as they are.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped; the report says where.</exception>
    public async Task RunPartAsync(string name, Func<Task> runAsync, CancellationToken stop)
    {
        try
        {
            await runAsync();
        }
        catch (Exception stopped) when (stop.IsCancellationRequested)
        {
            Add($"**Stopped by hand** in *{name}*: what follows from there was not measured, or in fewer rounds.");
            throw new OperationCanceledException("The run was stopped.", stopped, stop);
        }
        catch (Exception failed)
        {
            Console.Error.WriteLine(failed);
            Add($"**{name} broke off:** {OneLine(failed)}");
        }

        await SaveAsync();
    }

    /// <summary>Writes the page to the standard output, and everything to the files that were asked for.</summary>
    public async Task WriteAsync()
    {
        await SaveAsync();
        Console.WriteLine(ToMarkdown(new Dictionary<IReportTable, string>()));
    }

    /// <summary>Writes what there is up to now to the files that were asked for, over what an earlier call wrote.</summary>
    public async Task SaveAsync()
    {
        if (options.Out is { } page)
        {
            var folder = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(page))!).FullName;
            var plots = await DrawAsync(folder, Path.GetFileNameWithoutExtension(page));
            await File.WriteAllTextAsync(page, ToMarkdown(plots));
        }

        if (options.Json is { } json)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(json))!);
            await File.WriteAllTextAsync(json, ReportJson.Of(title, options, _commit, [.. Comparisons]));
        }
    }

    /// <summary>Draws what can be drawn, into files beside the page; returns their names by the table.</summary>
    private async Task<Dictionary<IReportTable, string>> DrawAsync(string folder, string page)
    {
        var drawn = new Dictionary<IReportTable, string>();
        foreach (var table in _tables.Where(table => !table.IsEmpty))
        {
            if (table.Draw() is { } svg)
            {
                drawn[table] = $"{page}-{FileNameOf(table.Title)}.svg";
                await File.WriteAllTextAsync(Path.Combine(folder, drawn[table]), svg);
            }
        }

        return drawn;
    }

    private static string FileNameOf(string title) => string.Join('-', title.ToLowerInvariant().Split([' ', ':', ','], StringSplitOptions.RemoveEmptyEntries));

    private string ToMarkdown(IReadOnlyDictionary<IReportTable, string> plots)
    {
        var lines = new List<string>
        {
            $"# {title}, {_time:yyyy-MM-dd}",
            "",
            $"- Command: `{options.Command}`",
            $"- Commit: {_commit}",
            $"- Machine: {Machine.Describe(options.Directory)}",
            "- The load generator runs on the same cores. The median of the rounds, then the lowest and the highest. Bodies of 1,024 bytes, unless it says otherwise.",
        };
        lines.AddRange(_facts.Select(fact => $"- {fact}"));
        foreach (var table in _tables.Where(table => !table.IsEmpty))
        {
            lines.AddRange(["", $"## {table.Title}", "", .. table.ToLines()]);
            if (plots.TryGetValue(table, out var plot))
            {
                lines.AddRange(["", $"![{table.Title}]({plot})"]);
            }
        }

        return string.Join('\n', lines) + "\n";
    }
}
