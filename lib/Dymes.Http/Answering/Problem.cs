using System.Text.Json;
using Dymes.Common;

namespace Dymes.Http.Answering;

/// <summary>A refusal as RFC 9457 tells it. Its type needs no host: <c>urn:dymes:problem:slug</c>.</summary>
internal sealed record Problem
{
    public const string TypePrefix = "urn:dymes:problem:";

    public required string Slug { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>The JSON pointer of the field, or the name of the query parameter or header.</summary>
    public string? Field { get; init; }

    /// <summary>The line or element of a batch, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>The number of messages that a channel has, where another was expected.</summary>
    public ulong? ChannelVersion { get; init; }

    /// <summary>The id of the message that is in the way.</summary>
    public string? Id { get; init; }

    /// <summary>The methods that a path takes, where it does not take this one.</summary>
    public string? Allow { get; init; }

    /// <summary>Whether the same request may succeed after a while.</summary>
    public bool IsPassing => Status is 429 or 503;

    public static Problem Of(DymesException error) => Of(error.Code, error.Message) with { Field = error.Field };

    public static Problem Of(ErrorCode code, string detail)
    {
        var description = ErrorCatalog.Describe(code);
        return new Problem { Slug = description.Slug, Title = description.Title, Status = description.HttpStatus, Detail = detail };
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, TypePrefix + Slug);
        json.WriteString("title"u8, Title);
        json.WriteNumber("status"u8, Status);
        WriteMembers(json);
        json.WriteEndObject();
    }

    /// <summary>Writes what is beside type, title and status, into an object that is open.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("detail"u8, Detail);
        if (Field is not null)
        {
            json.WriteString("field"u8, Field);
        }

        if (Line is { } line)
        {
            json.WriteNumber("line"u8, line);
        }

        if (ChannelVersion is { } version)
        {
            json.WriteNumber("channel_version"u8, version);
        }

        if (Id is not null)
        {
            json.WriteString("id"u8, Id);
        }
    }
}
