using System.Text.Json;
using System.Text.Json.Serialization;
using Dymes.Message.Log;

namespace Dymes.Message.Json;

/// <summary>The JSON of a <see cref="ClusterReport"/>, written and read without reflection.</summary>
public static class ClusterReportJson
{
    /// <summary>Writes a report.</summary>
    public static void Write(Utf8JsonWriter json, ClusterReport report) => JsonSerializer.Serialize(json, report, ClusterReportJsonFields.Default.ClusterReport);

    /// <summary>Reads a report; fields of newer versions are passed over.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ClusterReport Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ClusterReportJsonFields.Default.ClusterReport) ?? throw new JsonException("The document is null.");
}

/// <summary>The fields in snake_case, the names of states with dashes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    Converters = [typeof(DashedName<SiloState>), typeof(DashedName<ReplicaState>), typeof(DashedName<LogCondition>)])]
[JsonSerializable(typeof(ClusterReport))]
internal sealed partial class ClusterReportJsonFields : JsonSerializerContext;

internal sealed class DashedName<TState>() : JsonStringEnumConverter<TState>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TState : struct, Enum;
