using System.Net.Http.Headers;
using System.Text.Json;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>The same questions as <see cref="TableQuestions"/>, asked over HTTP as any program would ask them.</summary>
internal sealed class NodeQuestions(HttpClient http)
{
    private const int PageLimit = 10_000;

    public Task<IReadOnlyList<string>> InTimeOrderAsync() => StreamIdsAsync("api/v1/messages?by=time");

    public Task<IReadOnlyList<string>> BetweenAsync(DateTimeOffset from, DateTimeOffset to) =>
        PagedIdsAsync($"api/v1/messages?from={Time(from)}&to={Time(to)}&limit={PageLimit}");

    public Task<IReadOnlyList<string>> InChannelAsync(string channel) => PagedIdsAsync($"api/v1/messages?channel={Uri.EscapeDataString(channel)}&limit={PageLimit}");

    public Task<IReadOnlyList<string>> OfKindInChannelAsync(string channel, string kind) =>
        PagedIdsAsync($"api/v1/messages?channel={Uri.EscapeDataString(channel)}&kv={Uri.EscapeDataString($"kind=={kind}")}&limit={PageLimit}");

    public Task<IReadOnlyList<string>> AncestorsAsync(string id) => PagedIdsAsync($"api/v1/messages?correlation={id}&direction=ancestors&limit={PageLimit}");

    public Task<IReadOnlyList<string>> DescendantsAsync(string id) => PagedIdsAsync($"api/v1/messages?correlation={id}&direction=descendants&limit={PageLimit}");

    /// <summary>The body alone, as it was stored.</summary>
    public Task<string> BodyAsync(string id) => http.GetStringAsync($"api/v1/messages/{id}?content=body");

    /// <summary>Lines of a count, a space and a channel's name, in the order of the names.</summary>
    public async Task<IReadOnlyList<string>> ChannelSizesAsync()
    {
        var sizes = new List<(string Name, long Count)>();
        var next = "";
        while (next is not null)
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync($"api/v1/channels?limit=1000{next}"));
            sizes.AddRange(page.RootElement.GetProperty("channels").EnumerateArray().Select(channel => (channel.GetProperty("name").GetString()!, channel.GetProperty("count").GetInt64())));
            next = page.RootElement.GetProperty("next").GetString() is { } after ? $"&after={after}" : null;
        }

        return [.. sizes.OrderBy(size => size.Name, StringComparer.Ordinal).Select(size => $"{size.Count} {size.Name}")];
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Page after page, each where the last one says that the next begins.</summary>
    private async Task<IReadOnlyList<string>> PagedIdsAsync(string query)
    {
        var ids = new List<string>();
        var next = "";
        while (next is not null)
        {
            using var page = JsonDocument.Parse(await http.GetByteArrayAsync(query + next));
            ids.AddRange(page.RootElement.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("id").GetString()!));
            next = page.RootElement.GetProperty("next").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }

        return ids;
    }

    /// <summary>One answer of any length, line by line.</summary>
    private async Task<IReadOnlyList<string>> StreamIdsAsync(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, query);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var ids = new List<string>();
        while (await lines.ReadLineAsync() is { } line)
        {
            using var message = JsonDocument.Parse(line);
            ids.Add(message.RootElement.GetProperty("id").GetString()!);
        }

        return ids;
    }
}
