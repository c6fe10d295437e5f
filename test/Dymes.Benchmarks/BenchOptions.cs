using System.Globalization;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Benchmarks;

/// <summary>What a run of the harness measures, and how long.</summary>
internal sealed record BenchOptions
{
    private const long MessagesMin = 20_000; // a tenth of them still has a message for each channel

    /// <summary>How often each figure is measured; odd, so that there is a median.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>How long one measurement takes.</summary>
    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether to fill 10 million messages too, which takes minutes and 12 GiB of disk for each copy.</summary>
    public bool IsLong { get; private init; }

    /// <summary>How many messages systems are filled with that are then read or restarted; null: as many as each shape has by default.</summary>
    public long? Messages { get; private init; }

    /// <summary>Only sections whose name contains this, or all. For peers: words with commas between them, each for systems or shapes.</summary>
    public string Only { get; private init; } = "";

    /// <summary>Where the nodes' data goes; the disk of this directory is what is measured.</summary>
    public string Directory { get; private init; } = Path.GetTempPath();

    /// <summary>The directory of the programs that are measured: those that were built beside the harness, or others such as published ones.</summary>
    public string Programs { get; private init; } = NodeProcess.Programs;

    /// <summary>Where the report goes, or null: to the standard output only.</summary>
    public string? Out { get; private init; }

    /// <summary>Where all figures go as JSON, or null: nowhere.</summary>
    public string? Json { get; private init; }

    /// <summary>The command that repeats the run.</summary>
    public string Command { get; private init; } = "";

    public static bool TryParse(string[] arguments, out BenchOptions options)
    {
        options = new BenchOptions { Command = string.Join(' ', (string[])["./dev bench", .. arguments]) };
        for (var i = 1; i < arguments.Length; i++)
        {
            if (arguments[i] == "--long")
            {
                options = options with { IsLong = true };
                continue;
            }

            if (i + 1 == arguments.Length)
            {
                return false;
            }

            var value = arguments[i + 1];
            switch (arguments[i++])
            {
                case "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case "--seconds" when int.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Duration = TimeSpan.FromSeconds(seconds) };
                    break;
                case "--messages" when long.TryParse(value, CultureInfo.InvariantCulture, out var messages) && messages >= MessagesMin:
                    options = options with { Messages = messages };
                    break;
                case "--json":
                    options = options with { Json = value };
                    break;
                case "--only":
                    options = options with { Only = value };
                    break;
                case "--directory":
                    options = options with { Directory = value };
                    break;
                case "--programs" when File.Exists(Path.Combine(value, "dymes-silo.dll")):
                    options = options with { Programs = Path.GetFullPath(value) };
                    break;
                case "--out":
                    options = options with { Out = value };
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
