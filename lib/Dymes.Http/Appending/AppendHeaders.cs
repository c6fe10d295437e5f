using System.Text;
using Dymes.Http.Answering;
using Dymes.Message;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>What the head of an append says, beside its body.</summary>
internal static class AppendHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Lsn = "Dymes-Lsn";
    public const string ChannelVersion = "Dymes-Channel-Version";
    public const string Replayed = "Dymes-Replayed";

    /// <summary>The idempotency key of a request, from its header or, for keys that no header can carry, the parameter <c>idempotency_key</c>.</summary>
    public static string? KeyOf(HttpRequest request)
    {
        var values = request.Headers[IdempotencyKey];
        if (values.Count == 0 && request.QueryString.HasValue)
        {
            values = request.Query["idempotency_key"];
        }

        if (values.Count == 0)
        {
            return null;
        }

        var key = values.Count == 1 ? values[0] : null;
        return key is not null && Encoding.UTF8.GetByteCount(key) is >= 1 and <= MessageLimits.IdempotencyKeyBytesMax
            ? key
            : throw Refusal.Parameter(IdempotencyKey, $"{IdempotencyKey} is given once and has 1 to {MessageLimits.IdempotencyKeyBytesMax} bytes.");
    }

    /// <summary>A parameter that is true or false; false where it is not given.</summary>
    public static bool Flag(HttpRequest request, string name)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue(name, out var values))
        {
            return false;
        }

        return values.ToString() switch
        {
            "true" => true,
            "false" => false,
            _ => throw Refusal.Parameter(name, $"The parameter {name} is true or false."),
        };
    }
}
