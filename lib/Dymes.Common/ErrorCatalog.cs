namespace Dymes.Common;

/// <summary>How an <see cref="ErrorCode"/> is told to the outside.</summary>
/// <param name="Slug">The stable name, lower case with dashes; the last part of a problem's <c>type</c>.</param>
/// <param name="Title">A few words for people.</param>
/// <param name="HttpStatus">The HTTP status, 400 to 599.</param>
/// <param name="ExitCode">The exit code of a command-line tool, 1 to 125.</param>
public sealed record ErrorDescription(string Slug, string Title, int HttpStatus, int ExitCode);

/// <summary>The one table from error codes to HTTP status and exit code.</summary>
public static class ErrorCatalog
{
    private static readonly ErrorDescription[] Table = Build();

    /// <summary>The description of <paramref name="code"/>.</summary>
    public static ErrorDescription Describe(ErrorCode code) => Table[(int)code];

    /// <summary>The code with this slug, or <see cref="ErrorCode.Internal"/> where there is none.</summary>
    public static ErrorCode FromSlug(ReadOnlySpan<char> slug)
    {
        for (var code = 0; code < Table.Length; code++)
        {
            if (slug.SequenceEqual(Table[code].Slug))
            {
                return (ErrorCode)code;
            }
        }

        return ErrorCode.Internal;
    }

    private static ErrorDescription[] Build()
    {
        var codes = Enum.GetValues<ErrorCode>();
        var table = new ErrorDescription[codes.Length];
        foreach (var code in codes)
        {
            table[(int)code] = code switch
            {
                ErrorCode.Internal => new("internal", "Internal error", 500, 70),
                ErrorCode.InvalidArgument => new("invalid-argument", "Malformed request", 400, 2),
                ErrorCode.NotFound => new("not-found", "Not found", 404, 3),
                ErrorCode.IdConflict => new("id-conflict", "The id holds another message", 409, 4),
                ErrorCode.VersionMismatch => new("version-mismatch", "The channel has another version", 412, 5),
                ErrorCode.TooLarge => new("too-large", "Too large", 413, 6),
                ErrorCode.UnsupportedMediaType => new("unsupported-media-type", "Unsupported media type", 415, 7),
                ErrorCode.IdempotencyMismatch => new("idempotency-mismatch", "The idempotency key was used for other content", 422, 8),
                ErrorCode.ParentMissing => new("parent-missing", "The correlated message does not exist", 422, 9),
                ErrorCode.Overloaded => new("overloaded", "Too many requests are waiting", 429, 10),
                ErrorCode.NotReady => new("not-ready", "Not ready", 503, 11),
                ErrorCode.OutcomeUnknown => new("outcome-unknown", "The outcome is unknown", 503, 12),
                ErrorCode.DiskFull => new("disk-full", "The disk is full", 507, 13),
                ErrorCode.StorageDamaged => new("storage-damaged", "Stored bytes are damaged", 500, 14),
                ErrorCode.StorageFailed => new("storage-failed", "The storage failed", 503, 15),
                ErrorCode.ForeignFile => new("foreign-file", "The files are not this node's", 500, 16),
                ErrorCode.DirectoryInUse => new("directory-in-use", "The data directory is in use", 500, 17),
                ErrorCode.ConfigurationInvalid => new("configuration-invalid", "The configuration is invalid", 500, 18),
                ErrorCode.ConnectionFailed => new("connection-failed", "No connection", 502, 19),
                ErrorCode.NotSupported => new("not-supported", "Not offered here", 501, 20),
                _ => throw new InvariantViolation($"error code {code} has no description"),
            };
        }

        return table;
    }
}
