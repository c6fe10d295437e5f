using System.Diagnostics.Metrics;
using Dymes.Common;
using Dymes.Http.Tests.Server;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Dymes.Http.Tests.Operating;

public sealed class OperatingTests
{
    [Fact]
    public async Task Probes_get_one_word_that_no_cache_keeps()
    {
        await using var server = await DymesServer.StartAsync();

        foreach (var (path, word) in new[] { ("live", "Alive."), ("ready", "Ready.") })
        {
            var answer = await server.GetAsync("/observe/health/" + path);
            Assert.Equal((200, "text/plain", word), (answer.Status, answer.Type, answer.Text));
            Assert.Equal(["must-revalidate", "no-cache", "no-store", "no-transform"], answer.Header("Cache-Control")!.Split(',').Select(part => part.Trim()).Order());
        }
    }

    [Theory]
    [InlineData(LogCondition.NotReady, "not-ready")]
    [InlineData(LogCondition.DiskFull, "disk-full")]
    [InlineData(LogCondition.Failed, "failed")]
    public async Task A_node_that_takes_no_appends_lives_and_is_not_ready(LogCondition condition, string name)
    {
        await using var server = await DymesServer.StartAsync(new StubbornLog(new InMemoryMessageLog()) { Condition = condition });

        var plain = await server.GetAsync("/observe/health/ready");
        var detailed = await server.GetAsync("/observe/health/ready", ("Accept", "application/json"));

        Assert.Equal(200, (await server.GetAsync("/observe/health/live")).Status);
        Assert.Equal((503, "Not ready."), (plain.Status, plain.Text));
        Assert.Equal((503, name), (detailed.Status, detailed.Json.GetProperty("status").GetString()));
        Assert.Equal("The test says so.", detailed.Json.GetProperty("components")[0].GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_status_tells_how_much_there_is()
    {
        await using var server = await DymesServer.StartAsync();
        var ids = await server.AppendAsync(new MessageDraft("a"), new MessageDraft("b"));

        var status = (await server.GetAsync("/api/v1/status")).Json;

        Assert.Equal((2, 2, ids[1], "ready"), (status.GetProperty("next_lsn").GetInt32(), status.GetProperty("messages").GetInt32(), status.GetProperty("last_id").GetString(), status.GetProperty("condition").GetString()));
    }

    [Theory]
    [InlineData("/api/v1/cluster")]
    [InlineData("/observe/cluster")]
    public async Task A_node_alone_tells_of_itself_as_the_cluster(string path)
    {
        await using var server = await DymesServer.StartAsync();
        await server.AppendAsync(new MessageDraft("a"));

        var answer = await server.GetAsync(path);

        var replica = answer.Json.GetProperty("replicas")[0];
        Assert.Equal(("one-node", "no-store", "alive", 1), (
            answer.Json.GetProperty("mode").GetString(), answer.Header("Cache-Control"), replica.GetProperty("silo").GetString(), replica.GetProperty("progress").GetProperty("next_lsn").GetInt32()));
    }

    [Fact]
    public async Task Another_path_is_404_and_another_method_405_with_those_there_are()
    {
        await using var server = await DymesServer.StartAsync();

        (await server.GetAsync("/nowhere")).Problem(404, "not-found");
        (await server.GetAsync("/api/v1/messages/01K7068MQWRDT23X6TK4QCT5NS/more")).Problem(404, "not-found");
        foreach (var (method, path, allow) in new[]
        {
            ("PATCH", "/api/v1/messages", "GET, HEAD, POST"), ("DELETE", "/api/v1/messages/x", "GET, HEAD, PUT"), ("GET", "/api/v1/messages:batch", "POST"),
            ("POST", "/api/v1/status", "GET, HEAD"), ("BREW", "/api/v1/cursors/1", "GET, HEAD, DELETE"),
        })
        {
            var answer = await server.SendAsync(method, path);
            answer.Problem(405, "method-not-allowed");
            Assert.Equal(allow, string.Join(", ", answer.ContentHeaders.Allow));
        }
    }

    [Fact]
    public async Task A_bug_is_told_without_its_insides()
    {
        await using var server = await DymesServer.StartAsync(new StubbornLog(new InMemoryMessageLog()) { Gate = Task.FromException(new InvariantViolation("a secret of the house")) });

        var answer = await server.PostAsync("/api/v1/messages", "{}");

        answer.Problem(500, "internal");
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_probes_cursors_and_refusals_are_counted()
    {
        var counts = new Dictionary<string, double>();
        using var listener = new MeterListener();
        await using var server = await DymesServer.StartAsync();
        var metrics = server.Services.GetRequiredService<HttpMetrics>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            var words = new List<string> { instrument.Name };
            foreach (var tag in tags)
            {
                words.Add(tag.Value?.ToString() ?? "");
            }

            lock (counts)
            {
                var name = string.Join(' ', words);
                counts[name] = counts.GetValueOrDefault(name) + (instrument is Histogram<double> ? 1 : value);
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Count(instrument, value, tags, state));
        listener.SetMeasurementEventCallback<double>(Count);
        listener.Start();

        await server.PostAsync("/api/v1/messages", "{}");
        await server.PostAsync("/api/v1/messages", "x");
        await server.SendAsync("BREW", "/api/v1/messages");
        await server.GetAsync("/nowhere/" + new string('x', 50));
        await server.GetAsync("/observe/health/live");
        await server.GetAsync("/observe/health/ready");
        var cursor = (await server.PostAsync("/api/v1/cursors", """{"query":{}}""")).Text;
        await server.SendAsync("DELETE", "/api/v1/cursors/" + cursor);
        await server.SendAsync("DELETE", "/api/v1/cursors/" + cursor);

        // A request is counted when its answer is sent, which is after the client has it: the next one on the same connection comes later still.
        await server.GetAsync("/api/v1/status");
        lock (counts)
        {
            Assert.Equal(1, counts["dymes_http_requests /api/v1/messages POST 201"]);
            Assert.Equal(1, counts["dymes_http_requests /api/v1/messages POST 400"]);
            Assert.Equal(1, counts["dymes_http_requests /api/v1/messages other 405"]);
            Assert.Equal(1, counts["dymes_http_requests (unknown) other 404"]);
            Assert.Equal(1, counts["dymes_http_refusals invalid-argument"]);
            Assert.Equal(1, counts["dymes_http_liveness_probes"]);
            Assert.Equal(1, counts["dymes_http_readiness_probes"]);
            Assert.Equal(0, counts["dymes_http_cursors_open"]);
            Assert.Equal(3, counts["dymes_http_request_seconds /api/v1/messages"]);
        }
    }
}
