using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>Single appends and reads through one door or another, each with one attempt, and how they end.</summary>
internal sealed class DoorCalls : IDisposable
{
    // The refusals that say that nothing was run.
    private static readonly string[] NotRun = ["not-ready", "overloaded", "storage-failed", "disk-full"];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };

    public void Dispose() => _http.Dispose();

    /// <summary>Appends a message whose body is the token, to the channel that the token begins with.</summary>
    public async Task<Attempt> AppendAsync(Door door, string token, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(door.Http, "api/v1/messages"));
        request.Content = new StringContent($$"""{"channel":"{{token[..token.IndexOf('-', StringComparison.Ordinal)]}}","body":"{{token}}"}""", Encoding.UTF8, "application/json");
        request.Headers.Add("Accept", "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        var sentAt = TimeProvider.System.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(request);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            if (response.IsSuccessStatusCode)
            {
                Assert.True(MessageId.TryParse(answer.RootElement.GetProperty("id").GetString()!, out var id));
                return Ended(AttemptOutcome.Acknowledged) with { Lsn = new Lsn(answer.RootElement.GetProperty("lsn").GetUInt64()), Id = id };
            }

            var kind = answer.RootElement.GetProperty("type").GetString()!;
            var isRefusal = Array.Exists(NotRun, each => kind.EndsWith(each, StringComparison.Ordinal));
            return Ended(isRefusal ? AttemptOutcome.Refused : AttemptOutcome.Unknown) with { Trouble = $"{door.Name} answered {answer.RootElement}" };
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            // A door that is not there did not run it.
            var isThere = broken.InnerException is not SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return Ended(isThere ? AttemptOutcome.Unknown : AttemptOutcome.Refused) with { Trouble = $"{door.Name}: {broken.Message} {broken.InnerException?.Message}" };
        }

        Attempt Ended(AttemptOutcome outcome) => new(token, sentAt, TimeProvider.System.GetTimestamp(), outcome);
    }

    /// <summary>Reads the message of an acknowledged append.</summary>
    /// <param name="door">The door.</param>
    /// <param name="appended">The append.</param>
    /// <param name="consistency">What is asked of the read; null: nothing, and the door knows what it has acknowledged.</param>
    /// <param name="byPosition">Whether it is looked for by its position, not by its id.</param>
    /// <exception cref="HttpRequestException">It was not answered.</exception>
    public async Task<ReadAnswer> ReadAsync(Door door, Attempt appended, string? consistency = null, bool byPosition = false)
    {
        var path = byPosition ? string.Create(CultureInfo.InvariantCulture, $"api/v1/messages?from_lsn={appended.Lsn.Value}&limit=1") : $"api/v1/messages/{appended.Id}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(door.Http, path));
        if (consistency is not null)
        {
            request.Headers.Add("Dymes-Consistency", consistency);
        }

        if (consistency == "session")
        {
            request.Headers.Add("Dymes-Min-Lsn", appended.Lsn.Value.ToString(CultureInfo.InvariantCulture));
        }

        using var response = await _http.SendAsync(request);
        var how = $"a {consistency ?? "plain"} read by {(byPosition ? "position" : "id")} on {door.Name}";
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return new ReadAnswer(how, null);
        }

        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{how} was answered {text}");
        }

        using var answer = JsonDocument.Parse(text);
        var found = byPosition ? answer.RootElement.GetProperty("messages").EnumerateArray().FirstOrDefault() : answer.RootElement;
        return new ReadAnswer(how, found.ValueKind == JsonValueKind.Object && MessageId.TryParse(found.GetProperty("id").GetString()!, out var id) ? (id, new Lsn(found.GetProperty("lsn").GetUInt64())) : null);
    }
}
