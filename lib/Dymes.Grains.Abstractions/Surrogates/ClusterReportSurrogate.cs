using System.Buffers;
using System.Text.Json;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Grains.Abstractions.Surrogates;

/// <summary>A report travels as the JSON that it is shown as: it is asked for once a second at most, and there is one form to keep readable from version to version.</summary>
[GenerateSerializer, Immutable, Alias("dymes.cluster-report")]
internal struct ClusterReportSurrogate
{
    [Id(0)]
    public ReadOnlyMemory<byte> Json;
}

[RegisterConverter]
internal sealed class ClusterReportConverter : IConverter<ClusterReport, ClusterReportSurrogate>
{
    public ClusterReport ConvertFromSurrogate(in ClusterReportSurrogate surrogate) => ClusterReportJson.Read(surrogate.Json.Span);

    public ClusterReportSurrogate ConvertToSurrogate(in ClusterReport value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            ClusterReportJson.Write(json, value);
        }

        return new ClusterReportSurrogate { Json = bytes.WrittenMemory };
    }
}
