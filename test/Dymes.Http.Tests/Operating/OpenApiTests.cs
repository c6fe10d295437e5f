using System.Text.Json;
using System.Text.RegularExpressions;
using Dymes.Common;
using Dymes.Http.Tests.Server;
using Dymes.Message.Log;
using Dymes.Testing.Model;

namespace Dymes.Http.Tests.Operating;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_path_and_method_is_in_the_document_and_nothing_else()
    {
        await using var server = await DymesServer.StartAsync();
        var document = (await server.GetAsync("/openapi/v1.json")).Json;
        var log = new InMemoryMessageLog();
        using var metrics = new HttpMetrics();
        var mapped = Routes.Build(log, new InMemoryMessageCursors(log), new LoneNode(log), new HttpLimits(), metrics, TimeProvider.System, default)
            .SelectMany(route => route.Verbs.Select(verb => $"{verb.Method} {route.Pattern}")).Append("GET /docs");

        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => $"{verb.Name.ToUpperInvariant()} {path.Name}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own()
    {
        await using var server = await DymesServer.StartAsync();
        var document = (await server.GetAsync("/openapi/v1.json")).Json;

        foreach (Match reference in Regex.Matches(document.GetRawText(), "\"\\$ref\": *\"#/([^\"]+)\""))
        {
            var target = document;
            foreach (var step in reference.Groups[1].Value.Split('/'))
            {
                Assert.True(target.TryGetProperty(step, out target), reference.Value);
            }
        }

        var names = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(verb => verb.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public async Task Every_example_of_an_append_is_accepted()
    {
        await using var server = await DymesServer.StartAsync();
        var paths = (await server.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        foreach (var (path, type) in new[] { ("/api/v1/messages", "application/json"), ("/api/v1/messages:batch", "application/x-ndjson"), ("/api/v1/messages:batch", "application/json"), ("/api/v1/import", "application/json"), ("/api/v1/import", "application/x-ndjson") })
        {
            var content = paths.GetProperty(path).GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty(type);
            foreach (var example in Examples(content))
            {
                var text = example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();
                var answer = await server.SendAsync("POST", path + "?allow_missing_parents=true", text, type);
                Assert.True(answer.Status is 200 or 201 && !answer.Text.Contains("malformed", StringComparison.Ordinal), $"{path} {text}: {answer.Text}");
            }
        }

        foreach (var example in Examples(paths.GetProperty("/api/v1/cursors").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json")))
        {
            Assert.Equal(201, (await server.PostAsync("/api/v1/cursors", example.GetRawText())).Status);
        }
    }

    [Fact]
    public async Task The_first_example_of_an_append_can_be_sent_from_the_page_as_it_stands_and_again()
    {
        await using var server = await DymesServer.StartAsync();
        var content = (await server.GetAsync("/openapi/v1.json")).Json
            .GetProperty("paths").GetProperty("/api/v1/messages").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json");

        var example = Examples(content).First().GetRawText();

        Assert.Equal(201, (await server.PostAsync("/api/v1/messages", example)).Status);
        Assert.Equal(201, (await server.PostAsync("/api/v1/messages", example)).Status);
    }

    [Fact]
    public async Task Every_operation_is_in_a_group_that_says_what_it_is_about()
    {
        await using var server = await DymesServer.StartAsync();
        var document = (await server.GetAsync("/openapi/v1.json")).Json;

        var groups = document.GetProperty("tags").EnumerateArray().ToDictionary(tag => tag.GetProperty("name").GetString()!, tag => tag.GetProperty("description").GetString());
        var used = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(verb => Assert.Single(verb.Value.GetProperty("tags").EnumerateArray()).GetString());

        Assert.Equal(groups.Keys.Order(StringComparer.Ordinal), used.Distinct().Order(StringComparer.Ordinal));
        Assert.All(groups.Values, description => Assert.False(string.IsNullOrWhiteSpace(description)));
    }

    [Fact]
    public async Task Every_kind_of_refusal_has_a_status_that_the_document_knows()
    {
        await using var server = await DymesServer.StartAsync();
        var responses = (await server.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").GetProperty("/api/v1/messages").GetProperty("post").GetProperty("responses");

        foreach (var outcome in Enum.GetValues<AppendOutcome>().Where(outcome => outcome > AppendOutcome.Replayed && outcome != AppendOutcome.Aborted))
        {
            var status = Dymes.Http.Answering.OutcomeProblem.Of(new AppendReceipt(outcome, default, default, 0)).Status;
            Assert.True(responses.TryGetProperty(status.ToString(), out _), $"{outcome}: {status}");
        }

        Assert.True(responses.TryGetProperty(ErrorCatalog.Describe(ErrorCode.DiskFull).HttpStatus.ToString(), out _));
    }

    [Fact]
    public async Task The_page_takes_everything_from_this_server()
    {
        await using var server = await DymesServer.StartAsync();

        var page = await server.GetAsync("/docs/");
        var script = await server.GetAsync("/docs/scalar.js");

        Assert.Equal((200, "text/html"), (page.Status, page.Type));
        Assert.Contains("openapi/v1.json", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page.Text);
        Assert.Contains("connect-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(200, script.Status);
        Assert.True(script.Bytes.Length > 100_000);
    }

    private static IEnumerable<JsonElement> Examples(JsonElement content) => content.TryGetProperty("examples", out var examples)
        ? examples.EnumerateObject().Select(example => example.Value.GetProperty("value"))
        : [content.GetProperty("example")];
}
