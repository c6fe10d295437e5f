using System.Text;
using System.Text.Json;
using Dymes.Vsr.Simulation;

namespace Dymes.Tools.Simulating;

/// <summary>A seed that broke a rule: what was seen, which faults it took, and how to see it again.</summary>
internal sealed class SimulationReport(SimulationResult result)
{
    /// <summary>The command that runs the seed again, in the same way.</summary>
    public string Replay
    {
        get
        {
            var settings = result.Settings;
            var command = new StringBuilder($"dymes vsr-sim --seed {settings.Seed}");
            Add(command, "--replicas", settings.Replicas);
            Add(command, "--campaign", settings.Campaign?.ToString().ToLowerInvariant());
            Add(command, "--failures", settings.Failures);
            Add(command, "--burst", settings.Requests);
            Add(command, "--tick", settings.TickMilliseconds);
            Add(command, "--without", settings.Without.Count == 0 ? null : string.Join(',', settings.Without.Order().Select(kind => kind.ToString().ToLowerInvariant())));
            Add(command, "--only", settings.Only switch { null => null, { Count: 0 } => "none", { } only => string.Join(',', only.Order()) });
            return command.Append(" --trace").ToString();
        }
    }

    public void Print(TextWriter output)
    {
        var violation = result.Violation!;
        output.WriteLine($"seed {result.Settings.Seed}, {result.Replicas} replicas: {violation.Rule} is broken after {result.SimulatedMicroseconds / 1000} ms: {violation.Message}");
        foreach (var fault in result.Faults)
        {
            output.WriteLine($"  {fault}");
        }

        if (violation.Detail.Length > 0)
        {
            output.WriteLine(violation.Detail);
        }

        output.WriteLine($"Replay it with: {Replay}");
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("seed", result.Settings.Seed);
        json.WriteNumber("replicas", result.Replicas);
        json.WriteString("rule", result.Violation!.Rule.ToString());
        json.WriteString("message", result.Violation.Message);
        json.WriteNumber("simulated_microseconds", result.SimulatedMicroseconds);
        json.WriteStartArray("faults");
        foreach (var fault in result.Faults)
        {
            json.WriteStringValue(fault.ToString());
        }

        json.WriteEndArray();
        json.WriteString("replay", Replay);
        json.WriteEndObject();
    }

    private static void Add(StringBuilder command, string option, object? value)
    {
        if (value is not null)
        {
            command.Append(' ').Append(option).Append(' ').Append(value);
        }
    }
}
