using System.Text;
using Dymes.Http.Tests.Server;

namespace Dymes.Http.Tests.Hostile;

/// <summary>Runs alone: it says how much memory the whole process holds.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;

[Collection("alone")]
public sealed class FuzzTests
{
    private const long GrowthMax = 64_000_000;
    private const int Rounds = 4000;

    private static readonly HashSet<int> Documented = [200, 201, 400, 404, 405, 406, 409, 412, 413, 415, 422];

    private static readonly (string Method, string Path, string Type, string Body)[] Seeds =
    [
        ("POST", "/api/v1/messages", "application/json", """{"channel":702,"routing":"0x5","kv_entries":[{"key":"type","value":"OrderPlaced"}],"encoded_msg_body":"eyJpZCI6MX0="}"""),
        ("POST", "/api/v1/messages", "application/json", """{"channel":"orders","body":{"a":[1,"\u00e9"]},"expected_version":3}"""),
        ("PUT", "/api/v1/messages/01K7068MQWRDT23X6TK4QCT5NS", "application/json", """{"body":1}"""),
        ("POST", "/api/v1/messages:batch", "application/x-ndjson", "{\"channel\":1}\n{\"channel\":1,\"body\":[1,2]}\r\n\n{\"encoded_msg_body\":\"AQI\"}\n"),
        ("POST", "/api/v1/messages:batch?atomic=true", "application/x-ndjson", "{\"channel\":1}\n{\"channel\":2}\n"),
        ("POST", "/api/v1/messages:batch", "application/json", """[{"channel":1},{"body":"]"},{"kv_entries":[]}]"""),
        ("POST", "/api/v1/import", "application/json", """[{"id":"01K7068MQWRDT23X6TK4QCT5NS","correlation_id":"00000000000000000000000000","channel":7,"routing":0,"headers":[],"content":"AQI="}]"""),
        ("POST", "/api/v1/cursors", "application/json", """{"query_dto":{"query_channel":{"channel_id":1,"range_start":"now-1h","range_end":null}},"filters":[{"kv_filter":{"eql":{"key":"a","value":"b"}}}]}"""),
        ("POST", "/api/v1/messages:query", "application/json", """{"select":{"channel":"0x1"},"from_lsn":0,"filters":[{"channel_filter":1}],"order":"desc","limit":10}"""),
        ("GET", "/api/v1/messages?from=sod-1h&to=now&channel=1&kv=a==b&narrowing=1:1&widening=3&order=desc&limit=10&body=json", "", ""),
        ("GET", "/api/v1/messages?correlation=01K7068MQWRDT23X6TK4QCT5NS&direction=descendants&from_lsn=0&to_lsn=99", "", ""),
        ("GET", "/api/v1/messages?ids=01K7068MQWRDT23X6TK4QCT5NS&cursor=AQAAAAAAAAAAAaIF82VMDJWw8LGAAHT62rHFUHA", "", ""),
        ("GET", "/api/v1/messages/01K7068MQWRDT23X6TK4QCT5NS?content=body", "", ""),
        ("GET", "/api/v1/channels?after=0x1&limit=5", "", ""),
        ("GET", "/api/v1/channels/orders-42", "", ""),
        ("GET", "/api/v1/cursors/0xabc?batch_size=3", "", ""),
        ("GET", "/api/v1/subscribe?limit=1&to_lsn=0", "", ""),
        ("DELETE", "/api/v1/cursors/abc", "", ""),
    ];

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Whatever_is_asked_the_status_is_a_documented_one(int seed)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var server = await DymesServer.StartAsync(limits: new HttpLimits { SubscriptionsMax = 64 });
        await server.PostAsync("/api/v1/messages", "{}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var (method, path, type, body) = Seeds[random.Next(Seeds.Length)];
            if (body.Length == 0)
            {
                path = MutatePath(random, path);
            }

            // A subscription that lost its limit would go on for ever.
            if (path.Contains("subscribe", StringComparison.Ordinal) && !path.Contains("limit=1", StringComparison.Ordinal))
            {
                continue;
            }

            var (status, text) = await AskAsync(server, method, path, type, Mutate(random, Encoding.UTF8.GetBytes(body)));

            Assert.True(Documented.Contains(status), $"round {round}: {method} {path} {status} {text}");
            Assert.DoesNotContain("   at Dymes", text, StringComparison.Ordinal);
        }

        Assert.Equal(201, (await server.PostAsync("/api/v1/messages", "{}")).Status);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, GrowthMax);
    }

    private static async Task<(int Status, string Text)> AskAsync(DymesServer server, string method, string path, string type, byte[] body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, path));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var answer = await Answer.ReadAsync(await server.Client.SendAsync(request));
        return (answer.Status, answer.Text);
    }

    private static string MutatePath(Random random, string path)
    {
        var symbols = "0aZ=&!:,./-_~<>{}[]'\"é\u0001 +*".Select(symbol => Uri.EscapeDataString(symbol.ToString())).Concat(["&", "=", ":", "/", "+", "%25", "%FF"]).ToArray();
        var text = new StringBuilder(path);
        for (var strokes = random.Next(4); strokes > 0; strokes--)
        {
            var at = random.Next("/api/v1/".Length, text.Length);
            if (random.Next(2) == 0)
            {
                text.Insert(at, symbols[random.Next(symbols.Length)]);
            }
            else
            {
                text.Remove(at, 1);
            }
        }

        return text.ToString();
    }

    private static byte[] Mutate(Random random, byte[] body)
    {
        var bytes = new List<byte>(body);
        for (var strokes = random.Next(5); strokes > 0 && bytes.Count > 0; strokes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 2:
                    bytes.Insert(at, "\"\\[]{},:\n0-"u8[random.Next(11)]);
                    break;
                default:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 30), bytes.Count - from)));
                    break;
            }
        }

        return [.. bytes];
    }
}
