using System.Net.Http.Headers;
using System.Text;

namespace Dymes.Cluster.Tests.RealEvents;

/// <summary>
/// Imports events, a few thousand lines per request: the node answers line by line while a request still comes in, and a client that, like this one, reads no answer before all
/// is sent must not send more than fits in the buffers between them.
/// </summary>
internal sealed class Importer(HttpClient http)
{
    private const int LinesPerRequest = 5000;

    /// <summary>Imports the events; returns how many answer lines have this outcome.</summary>
    public async Task<int> ImportAsync(IReadOnlyList<RealEvent> events, string outcome)
    {
        var count = 0;
        foreach (var chunk in events.Chunk(LinesPerRequest))
        {
            count += await ImportChunkAsync(chunk, outcome);
        }

        return count;
    }

    private async Task<int> ImportChunkAsync(RealEvent[] events, string outcome)
    {
        var lines = string.Concat(events.Select(one => one.ToImportLine() + "\n"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/import") { Content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"The import was answered {response.StatusCode}: {answer}");
        var answers = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(answers, line => Assert.Contains($"\"outcome\":\"{outcome}\"", line, StringComparison.Ordinal));
        return answers.Length;
    }
}
