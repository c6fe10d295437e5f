using System.Globalization;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Client.Calls;

/// <summary>
/// What has come through a client: each of its reads names the last position of it, so that whatever node answers shows at least as much, the client's own appends included. Safe for concurrent use.
/// </summary>
internal sealed class Session
{
    private const string MinLsn = "Dymes-Min-Lsn";
    private const string LastLsn = "Dymes-Lsn";

    /// <summary>The end of what was seen.</summary>
    public SeenEnd Seen { get; } = new();

    /// <summary>Asks for an answer that includes it.</summary>
    public void Claim(HttpRequestMessage request)
    {
        if (Seen.Value is var end && end > Lsn.First)
        {
            request.Headers.Add(MinLsn, (end.Value - 1).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Takes note of what the head of an answer says.</summary>
    public void Learn(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues(LastLsn, out var values) && ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last < Lsn.Max.Value)
        {
            Seen.Raise(new Lsn(last + 1));
        }
    }
}
