using System.CommandLine;
using Dymes.Tools.Options;
using Dymes.Vsr;
using Dymes.Vsr.Simulation;
using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Tools.Simulating;

/// <summary>What <c>dymes vsr-sim</c> takes.</summary>
internal sealed class SimulationOptions
{
    private const int CountOfNoSeed = 100;
    private static readonly string KindNames = string.Join(", ", Enum.GetNames<FaultKind>().Select(name => name.ToLowerInvariant()));
    private static readonly string CampaignNames = string.Join(", ", Enum.GetNames<CampaignKind>().Select(name => name.ToLowerInvariant()));

    private readonly Option<ulong?> _seed = new("--seed", "-s") { Description = "The first seed; the same seed is the same run. Without it, one by the clock.", HelpName = "N" };
    private readonly Option<int?> _count = new("--count", "-n") { Description = $"How many seeds. Default 1 where a seed is given, else {CountOfNoSeed}.", HelpName = "N" };
    private readonly Option<int?> _replicas = new("--replicas") { Description = $"How many replicas, 1 to {VsrLimits.ReplicasMax}. Default: the seed decides.", HelpName = "N" };
    private readonly Option<string?> _campaign = new("--campaign") { Description = $"What the faults go after: {CampaignNames}. Default: the seed decides.", HelpName = "NAME" };
    private readonly Option<int?> _failures = new("--failures", "-f") { Description = "How many faults strike in a run. Default: the seed decides.", HelpName = "N" };
    private readonly Option<int?> _burst = new("--burst", "-b") { Description = "How many requests the clients make in a run. Default: the seed decides.", HelpName = "N" };
    private readonly Option<int?> _tick = new("--tick", "-t") { Description = "How often a replica is told the time. Default: the seed decides.", HelpName = "MILLISECONDS" };
    private readonly Option<string[]> _without = new("--without") { Description = $"Faults that do not happen: {KindNames}.", HelpName = "FAULT,…", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _only = new("--only") { Description = "Only these of the faults that strike, by their numbers; \"none\" for none.", HelpName = "N,…" };
    private readonly Option<int?> _threads = new("--threads") { Description = "How many seeds run at once. Default: one per processor.", HelpName = "N" };
    private readonly Option<bool> _trace = new("--trace") { Description = "Print who sent what and what happened, a column for each replica. Of one seed." };
    private readonly Option<bool> _shrink = new("--shrink") { Description = "Where a rule is broken, find the fewest faults that still break it." };
    private readonly Option<string?> _picture = new("--picture") { Description = "Write views, primaries, commits and faults over time as a page. Of one seed.", HelpName = "FILE.html" };
    private readonly Option<bool> _cover = new("--cover") { Description = "Fail also where something never happened that can: a message, an effect, a fault, a moment, a way between phases." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };

    public void AddTo(Command command)
    {
        command.Add(_seed);
        command.Add(_count);
        command.Add(_replicas);
        command.Add(_campaign);
        command.Add(_failures);
        command.Add(_burst);
        command.Add(_tick);
        command.Add(_without);
        command.Add(_only);
        command.Add(_threads);
        command.Add(_trace);
        command.Add(_shrink);
        command.Add(_picture);
        command.Add(_cover);
        command.Add(_json);
    }

    public SimulationOrder Read(ParseResult parsed, TimeProvider clock)
    {
        var seed = parsed.GetValue(_seed);
        var count = OptionText.InRange(parsed.GetValue(_count) ?? (seed is null ? CountOfNoSeed : 1), 1, int.MaxValue, "--count");
        var order = new SimulationOrder
        {
            Settings = new SimulationSettings
            {
                Seed = seed ?? (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds(),
                Replicas = InRange(parsed.GetValue(_replicas), 1, VsrLimits.ReplicasMax, "--replicas"),
                Campaign = parsed.GetValue(_campaign) is { } campaign ? ReadCampaign(campaign) : null,
                Failures = InRange(parsed.GetValue(_failures), 0, 10_000, "--failures"),
                Requests = InRange(parsed.GetValue(_burst), 1, 1_000_000, "--burst"),
                TickMilliseconds = InRange(parsed.GetValue(_tick), 1, 1000, "--tick"),
                Without = (parsed.GetValue(_without) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(ReadKind).ToHashSet(),
                Only = ReadOnly(parsed.GetValue(_only)),
            },
            Count = count,
            Threads = OptionText.InRange(parsed.GetValue(_threads) ?? Environment.ProcessorCount, 1, 1024, "--threads"),
            ShowsTrace = parsed.GetValue(_trace),
            Shrinks = parsed.GetValue(_shrink),
            PicturePath = parsed.GetValue(_picture),
            MustCover = parsed.GetValue(_cover),
            IsJson = parsed.GetValue(_json),
        };
        return count == 1 || (!order.ShowsTrace && order.PicturePath is null)
            ? order
            : throw OptionText.Invalid(order.ShowsTrace ? "--trace" : "--picture", "It is of one seed: leave out --count.");
    }

    private static int? InRange(int? value, int min, int max, string option) => value is { } number ? OptionText.InRange(number, min, max, option) : null;

    private static CampaignKind ReadCampaign(string name) => Enum.TryParse<CampaignKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
        ? kind
        : throw OptionText.Invalid("--campaign", $"\"{name}\" is no campaign; there are {CampaignNames}.");

    private static FaultKind ReadKind(string name) => Enum.TryParse<FaultKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
        ? kind
        : throw OptionText.Invalid("--without", $"\"{name}\" is no fault; there are {KindNames}.");

    private static HashSet<int>? ReadOnly(string? text) => text switch
    {
        null => null,
        "none" => [],
        _ => [.. text.Split(',').Select(part => int.TryParse(part, out var number) ? number : throw OptionText.Invalid("--only", $"\"{part}\" is no number of a fault."))],
    };
}
