using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Dymes.Cluster.Tests.Node;

/// <summary>A node as a user and an operator meet it: a process with two ports and an exit code.</summary>
public sealed class NodeTests : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = Deadline.OfWait };
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-node-");

    private string DataPath => Path.Combine(_directory.FullName, "data");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_node_keeps_messages_and_cursors_when_it_is_stopped_and_started_again()
    {
        string cursor;
        await using (var node = await NodeProcess.StartAsync(DataPath))
        {
            await AppendAsync(node, "one");
            await AppendAsync(node, "two");
            cursor = await PostAsync(node, "/api/v1/cursors", """{"query_dto":{"query_channel":{"channel_id":702}},"filters":[]}""");
            Assert.Contains(Base64("one"), await Http.GetStringAsync(new Uri(node.Http, $"/api/v1/cursors/{cursor}")), StringComparison.Ordinal);
            Assert.Equal(0, await node.StopAsync());
            Assert.Equal("", node.Errors);
        }

        await using (var node = await NodeProcess.StartAsync(DataPath))
        {
            Assert.Contains("2 messages in", node.Output, StringComparison.Ordinal);
            Assert.Contains(Base64("two"), await Http.GetStringAsync(new Uri(node.Http, $"/api/v1/cursors/{cursor}")), StringComparison.Ordinal);
            Assert.Equal("", (await Http.GetStringAsync(new Uri(node.Http, $"/api/v1/cursors/{cursor}"))).Trim());
        }
    }

    [Fact]
    public async Task A_data_directory_in_use_is_refused_with_what_to_do()
    {
        await using var first = await NodeProcess.StartAsync(DataPath);
        await using var second = NodeProcess.Launch(DataPath);
        Assert.Equal(17, await second.WaitForExitAsync());
        var line = Assert.Single(second.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("dymes-silo: ", line, StringComparison.Ordinal);
        Assert.Contains(DataPath, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--store.datapath2=x", 18, "store.dataPath")]
    [InlineData("--http.host=nowhere.invalid", 18, "http.host")]
    [InlineData("--store.syncLevel=sometimes", 18, "none, messages, all")]
    public async Task A_bad_configuration_is_refused_in_one_line(string option, int exitCode, string expected)
    {
        await using var node = NodeProcess.Launch(DataPath, null, option);
        Assert.Equal(exitCode, await node.WaitForExitAsync());
        Assert.Contains(expected, Assert.Single(node.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_what_to_do()
    {
        await using var first = await NodeProcess.StartAsync(DataPath);
        await using var second = NodeProcess.Launch(DataPath + "2", NodePorts.Free() with { Http = first.Ports.Http });
        Assert.Equal(18, await second.WaitForExitAsync());
        Assert.Contains("http.port", Assert.Single(second.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_port_answers_its_own_paths_and_health_and_cluster_are_on_both()
    {
        await using var node = await NodeProcess.StartAsync(DataPath);
        foreach (var path in new[] { "/metrics", "/observe/metrics", "/dashboard/" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(node.Ops, path));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(node.Http, path));
        }

        foreach (var path in new[] { "/observe/health/live", "/observe/health/ready", "/observe/cluster" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(node.Ops, path));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(node.Http, path));
        }

        using var nothing = await Http.GetAsync(new Uri(node.Ops, "/dashboard/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        Assert.Contains("The dashboard is at /dashboard/.", await nothing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(node.Ops, "/api/v1/status"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node.Http, "/api/v1/status"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(node.Http, "/metrics", host: $"127.0.0.1:{node.Ports.Ops}"));
    }

    [Fact]
    public async Task Metrics_have_the_originals_names_and_move()
    {
        await using var node = await NodeProcess.StartAsync(DataPath);
        await AppendAsync(node, "one");
        await Http.GetStringAsync(new Uri(node.Http, "/api/v1/messages?channel=702"));
        await Http.GetStringAsync(new Uri(node.Http, "/observe/health/live"));
        await Http.GetStringAsync(new Uri(node.Http, "/observe/health/ready"));
        await PostAsync(node, "/api/v1/cursors", """{"query_dto":{"query_channel":{"channel_id":702}},"filters":[]}""");
        var before = await Http.GetStringAsync(new Uri(node.Ops, "/metrics"));
        foreach (var name in new[]
        {
            "dymes_engine_appends_received_total", "dymes_engine_appends_ok_total", "dymes_engine_queries_received_total", "dymes_engine_queries_ok_total",
            "dymes_http_liveness_probes_total", "dymes_http_readiness_probes_total",
        })
        {
            Assert.Contains($"# TYPE {name} counter\n", before, StringComparison.Ordinal);
            Assert.Matches($"# HELP {name} [A-Z].*\\.\n", before);
            Assert.True(ValueOf(before, name) >= 1, name);
        }

        Assert.Contains("# TYPE dymes_http_cursors_open gauge\n", before, StringComparison.Ordinal);
        Assert.Equal(1, ValueOf(before, "dymes_cursors_open"));
        Assert.Contains("# TYPE dymes_engine_append_seconds histogram\n", before, StringComparison.Ordinal);
        Assert.Contains("# TYPE dymes_engine_flush_seconds histogram\n", before, StringComparison.Ordinal);
        Assert.Contains("\nmicrosoft_orleans_", before, StringComparison.Ordinal);
        Assert.Contains("\nsystem_runtime_", before, StringComparison.Ordinal);

        await AppendAsync(node, "two");
        var after = await Http.GetStringAsync(new Uri(node.Ops, "/observe/metrics"));
        Assert.Equal(ValueOf(before, "dymes_engine_appends_ok_total") + 1, ValueOf(after, "dymes_engine_appends_ok_total"));
        Assert.Equal(2, ValueOf(after, "dymes_engine_messages"));
    }

    [Fact]
    public async Task Every_counter_is_there_from_the_start()
    {
        await using var node = await NodeProcess.StartAsync(DataPath);
        var metrics = await Http.GetStringAsync(new Uri(node.Ops, "/metrics"));
        foreach (var name in new[]
        {
            "dymes_engine_appends_received_total", "dymes_engine_appends_ok_total", "dymes_engine_queries_received_total", "dymes_engine_queries_ok_total", "dymes_engine_messages",
            "dymes_http_liveness_probes_total", "dymes_http_readiness_probes_total", "dymes_http_cursors_open", "dymes_http_subscriptions_open", "dymes_http_batches_open",
            "dymes_http_buffered_bytes", "dymes_cursors_open",
        })
        {
            Assert.Contains($"\n{name} 0\n", metrics, StringComparison.Ordinal);
        }

        foreach (var reason in new[] { "aborted", "version-mismatch", "id-conflict", "parent-missing", "idempotency-mismatch", "overloaded", "not-ready", "disk-full", "storage-failed", "outcome-unknown" })
        {
            Assert.Contains($"\ndymes_engine_refusals_total{{reason=\"{reason}\"}} 0\n", metrics, StringComparison.Ordinal);
        }

        foreach (var reason in new[] { "invalid-argument", "not-found", "too-large", "overloaded", "request-timeout", "method-not-allowed", "client-gone", "client-stalled" })
        {
            Assert.Contains($"\ndymes_http_refusals_total{{reason=\"{reason}\"}} 0\n", metrics, StringComparison.Ordinal);
        }

        Assert.Contains("\ndymes_http_requests_total{route=\"/api/v1/messages\",method=\"POST\",status=\"200\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^dymes_(http|engine)_.*_total.* [1-9]", metrics);
    }

    private static double ValueOf(string metrics, string name) =>
        double.Parse(Regex.Match(metrics, $"^{name} (.+)$", RegexOptions.Multiline).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task AppendAsync(NodeProcess node, string body) =>
        await PostAsync(node, "/api/v1/messages", $$"""{"channel":702,"encoded_msg_body":"{{Base64(body)}}"}""");

    private static async Task<string> PostAsync(NodeProcess node, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(new Uri(node.Http, path), content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        return text.Trim();
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri address, string path, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        request.Headers.Host = host;
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
