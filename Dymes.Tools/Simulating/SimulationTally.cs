using System.Globalization;
using System.Text.Json;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Faults;

namespace Dymes.Tools.Simulating;

/// <summary>What became of the seeds so far. Safe for concurrent use.</summary>
internal sealed class SimulationTally(SimulationSettings first, int count)
{
    private readonly Lock _lock = new();
    private readonly Coverage _coverage = new();
    private SimulationResult? _broken;
    private int _done;
    private long _events;
    private ulong _microseconds;
    private ulong _ops;
    private ulong _hash;

    /// <summary>The lowest seed that broke a rule; null where none did.</summary>
    public SimulationResult? Broken
    {
        get
        {
            lock (_lock)
            {
                return _broken;
            }
        }
    }

    /// <summary>What can happen and never did, by name.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            lock (_lock)
            {
                return _coverage.Missing;
            }
        }
    }

    public void Add(SimulationResult result)
    {
        lock (_lock)
        {
            _done++;
            _events += result.Events;
            _microseconds += result.SimulatedMicroseconds;
            _ops += result.CommittedOps;
            _hash ^= result.TraceHash; // the same whichever seed ends first
            _coverage.Add(result.Coverage);
            _broken = result.Violation is not null && (_broken is null || result.Settings.Seed < _broken.Settings.Seed) ? result : _broken;
        }
    }

    public string Describe(TimeSpan elapsed)
    {
        lock (_lock)
        {
            var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{_done:N0} of {count:N0} seeds, {_done / seconds:N0}/s, {_microseconds / 1e6:N0} s simulated ({_microseconds / 1e6 / seconds:N0} times real time), {_ops:N0} ops, messages {Covered<MessageKind>(_coverage.Of)}, faults {Covered<FaultKind>(_coverage.Of)}, phase changes {PhaseEdges.All.Count(edge => _coverage.Of(edge.From, edge.To) > 0)}/{PhaseEdges.All.Count}");
        }
    }

    public void Write(Utf8JsonWriter json, SimulationReport? report, TimeSpan elapsed)
    {
        json.WriteStartObject();
        json.WriteNumber("first_seed", first.Seed);
        json.WriteNumber("seeds", _done);
        json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        json.WriteNumber("simulated_seconds", _microseconds / 1_000_000);
        json.WriteNumber("events", _events);
        json.WriteNumber("committed_ops", _ops);
        json.WriteString("trace_hash", _hash.ToString("x16", CultureInfo.InvariantCulture));
        WriteCounts<MessageKind>(json, "messages", _coverage.Of);
        WriteCounts<FaultKind>(json, "faults", _coverage.Of);
        WriteCounts<Moment>(json, "faults_at_moments", _coverage.Of);
        WriteEdges(json);
        json.WriteStartArray("missing");
        foreach (var name in _coverage.Missing)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WritePropertyName("violation");
        if (report is null)
        {
            json.WriteNullValue();
        }
        else
        {
            report.Write(json);
        }

        json.WriteEndObject();
    }

    private static string Covered<T>(Func<T, long> of)
        where T : struct, Enum => $"{Enum.GetValues<T>().Count(kind => of(kind) > 0)}/{Enum.GetValues<T>().Length}";

    private static void WriteCounts<T>(Utf8JsonWriter json, string name, Func<T, long> of)
        where T : struct, Enum
    {
        json.WriteStartObject(name);
        foreach (var kind in Enum.GetValues<T>())
        {
            json.WriteNumber(kind.ToString(), of(kind));
        }

        json.WriteEndObject();
    }

    private void WriteEdges(Utf8JsonWriter json)
    {
        json.WriteStartObject("phase_changes");
        foreach (var (from, to) in PhaseEdges.All)
        {
            json.WriteNumber($"{from} to {to}", _coverage.Of(from, to));
        }

        json.WriteEndObject();
    }
}
