namespace Dymes.Message.Json;

/// <summary>What <see cref="CreationRequestReader"/> made of a request.</summary>
/// <param name="FrameBytes">The size of the frame that was written.</param>
/// <param name="Id">The id that the request or its caller gave, or none.</param>
/// <param name="ExpectedVersion">How many messages the channel must hold; null: any number.</param>
public readonly record struct CreationRequest(int FrameBytes, MessageId Id, ulong? ExpectedVersion);

/// <summary>Whether a request brings its message's id.</summary>
public enum RequestIds
{
    /// <summary>It must not: the log assigns one.</summary>
    Assigned,

    /// <summary>It may, as <c>encoded_id</c>.</summary>
    Optional,

    /// <summary>It must: an import. The field names of the original's export are understood too, and entries with reserved keys are taken as they are.</summary>
    Required,
}
