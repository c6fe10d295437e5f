using Dymes.Common;

namespace Dymes.Grains.Abstractions.Surrogates;

/// <summary>An error keeps its code and field across processes. Its cause and stack stay where they are: they are for that process' log.</summary>
[GenerateSerializer, Immutable, Alias("dymes.error")]
internal struct DymesExceptionSurrogate
{
    [Id(0)]
    public string Code;

    [Id(1)]
    public string Message;

    [Id(2)]
    public string? Field;
}

[RegisterConverter]
internal sealed class DymesExceptionConverter : IConverter<DymesException, DymesExceptionSurrogate>
{
    public DymesException ConvertFromSurrogate(in DymesExceptionSurrogate surrogate) =>
        new(ErrorCatalog.FromSlug(surrogate.Code), surrogate.Message) { Field = surrogate.Field };

    public DymesExceptionSurrogate ConvertToSurrogate(in DymesException value) =>
        new() { Code = ErrorCatalog.Describe(value.Code).Slug, Message = value.Message, Field = value.Field };
}
