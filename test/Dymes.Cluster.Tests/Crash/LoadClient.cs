using System.Net;
using System.Text;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Crash;

/// <summary>
/// One client of the load: appends in every way there is, one request after the other, each message following from the last acknowledged one. It knows nothing of the
/// crash but that its connection breaks.
/// </summary>
internal sealed class LoadClient(HttpClient http, LoadLedger ledger, Action acknowledged, string name, int seed)
{
    private const int PaddingMax = 1500;
    private const int BatchMax = 12;
    private const int LargeBatchMax = 150; // more than goes through the page cache
    private readonly Random _random = new(seed);
    private MessageId _last;
    private int _number;

    /// <summary>Appends until the node is gone.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await (_random.Next(4) switch
                {
                    0 => PostAsync(Message(), key: null),
                    1 => PutAsync(),
                    2 => PostWithKeyAsync(),
                    _ => PostBatchAsync(),
                });
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
        }
    }

    private async Task PostWithKeyAsync()
    {
        var message = Message();
        await PostAsync(message with { Key = $"key-{message.Token}" }, $"key-{message.Token}");
    }

    private async Task PutAsync()
    {
        var message = Message();
        var id = new MessageId(MessageId.FirstAt(1_700_000_000_000 + _random.Next(100_000)).Value | ((UInt128)_random.NextInt64() << 8));
        await SendAsync(message with { Id = id }, HttpMethod.Put, $"api/v1/messages/{id}", key: null);
    }

    private Task PostAsync(SentMessage message, string? key) => SendAsync(message, HttpMethod.Post, "api/v1/messages", key);

    private async Task SendAsync(SentMessage message, HttpMethod method, string path, string? key)
    {
        ledger.Send(message);
        using var response = await http.SendAsync(Request(method, path, "application/json", "application/json", message.ToJson(), key));
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{method} {path}: {response.StatusCode} {answer}");
        Acknowledge(message, answer);
    }

    private async Task PostBatchAsync()
    {
        var isAtomic = _random.Next(2) == 0;
        var group = isAtomic ? $"{name}-{_number}" : null;
        SentMessage[] messages = [.. Enumerable.Range(0, _random.Next(2, _random.Next(6) > 0 ? BatchMax : LargeBatchMax)).Select(_ => Message() with { Group = group })];
        Array.ForEach(messages, ledger.Send);
        var lines = string.Join('\n', messages.Select(message => message.ToJson()));
        var request = Request(HttpMethod.Post, $"api/v1/messages:batch?atomic={(isAtomic ? "true" : "false")}", "application/x-ndjson", "application/x-ndjson", lines, key: null);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, $"A batch was answered {response.StatusCode}");

        // A line is an acknowledgement as soon as it is there, whatever becomes of the rest.
        using var answers = new StreamReader(await response.Content.ReadAsStreamAsync());
        foreach (var message in messages)
        {
            Acknowledge(message, await answers.ReadLineAsync() ?? throw new IOException("The batch's answer ended early."));
        }
    }

    private void Acknowledge(SentMessage message, string answer)
    {
        using var receipt = JsonDocument.Parse(answer);
        Assert.True(receipt.RootElement.TryGetProperty("lsn", out var lsn) && lsn.ValueKind == JsonValueKind.Number, answer);
        Assert.True(MessageId.TryParse(receipt.RootElement.GetProperty("id").GetString(), out var id), answer);
        ledger.Acknowledge(message, new Place(new Lsn(lsn.GetUInt64()), id));
        _last = id;
        acknowledged();
    }

    private SentMessage Message()
    {
        _number++;
        var parent = _random.Next(5) == 0 ? MessageId.None : _last;
        return new SentMessage($"{name}-{_number}", default, null, null, $"channel-{_random.Next(10)}", parent, new string('x', _random.Next(PaddingMax)));
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string contentType, string accept, string body, string? key)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Add("Accept", accept);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }
}
