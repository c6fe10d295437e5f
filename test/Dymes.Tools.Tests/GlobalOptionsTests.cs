using System.Text.Json;
using System.Text.RegularExpressions;
using Dymes.Tools.Options;

namespace Dymes.Tools.Tests;

public sealed partial class GlobalOptionsTests : ToolBench
{
    // Nothing listens on the port "discard".
    private const string Nowhere = "http://127.0.0.1:9";

    [Theory]
    [InlineData("http:\n  host: 127.0.0.1\n  port: PORT\n")]
    [InlineData("http:\n  host: 0.0.0.0\n  port: PORT\n")]
    [InlineData("client:\n  url: http://127.0.0.1:PORT\nhttp:\n  port: 9\n")]
    [InlineData("HTTP:\n  Port: PORT\nstore:\n  dataPath: /data\nlogging:\n  level: err\n")]
    public async Task The_node_is_the_one_of_the_file(string yaml)
    {
        var file = Write(yaml.Replace("PORT", $"{Address.Port}", StringComparison.Ordinal));

        var run = await RunOfflineAsync([], ["status", "--config", file]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("state     ready", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_wins_over_the_environment_and_that_over_the_file()
    {
        var here = Write($"client:\n  url: {Address}\n");
        var nowhere = Write($"client:\n  url: {Nowhere}\n");

        var byOption = await RunOfflineAsync([], ["status", "--config", nowhere, "--url", Address.AbsoluteUri], _ => Nowhere);
        var byEnvironment = await RunOfflineAsync([], ["status", "--config", nowhere], name => name == "DYMES_URL" ? Address.AbsoluteUri : null);
        var byFile = await RunOfflineAsync([], ["--config", here, "status"]);
        var hostAlone = await RunOfflineAsync([], ["status", "--host", "127.0.0.1", "--config", Write($"http:\n  port: {Address.Port}\n")]);

        Assert.Equal([0, 0, 0, 0], [byOption.ExitCode, byEnvironment.ExitCode, byFile.ExitCode, hostAlone.ExitCode]);
    }

    [Theory]
    [InlineData("http:\n  prot: 6510\n", "http.port")]
    [InlineData("store:\n  datapaht: /data\n", "store.dataPath")]
    [InlineData("http:\n  port: many\n", "whole number")]
    [InlineData("logging:\n  level: loud\n", "debug")]
    [InlineData("http:\n  port: 0\n", "--port")]
    [InlineData("client:\n  url: ftp://x\n", "client.url")]
    [InlineData("- a\n- b\n", "list")]
    public async Task What_the_file_must_not_say_is_refused_with_the_way_out(string yaml, string expected)
    {
        var run = await RunOfflineAsync([], ["status", "--config", Write(yaml)]);

        Assert.Contains(run.ExitCode, new[] { 2, 18 });
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_refused()
    {
        var run = await RunOfflineAsync([], ["status", "--config", PathOf("none.yaml")]);

        Assert.Equal(18, run.ExitCode);
        Assert.Contains("none.yaml", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nodes_own_file_will_do()
    {
        var run = await RunOfflineAsync([], ["status", "--config", Document("dymes.yaml"), "--url", Address.AbsoluteUri]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public void The_keys_passed_over_are_those_of_the_page_on_configuration()
    {
        string[] own = ["http.host", "http.port", "logging.level", "logging.format"];
        var documented = SettingRow().Matches(File.ReadAllText(Document("configuration.md"))).Select(match => match.Groups[1].Value).Distinct().Except(own);

        Assert.Equal(documented.Order(StringComparer.Ordinal), ServerKeys.All.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("-l", "debug", "status")]
    [InlineData("status", "--loglevel", "debug")]
    public async Task At_debug_level_each_request_is_logged(params string[] args)
    {
        var quiet = await RunAsync("status");
        var run = await RunAsync(args);

        Assert.Equal((0, "", quiet.Output), (run.ExitCode, quiet.Error, run.Output));
        Assert.Matches($" debug GET {Address}api/v1/status: 200 after [0-9.]+ ms\n$", run.Error);
    }

    [Fact]
    public async Task In_the_json_form_every_line_of_standard_error_is_an_object()
    {
        var run = await RunOfflineAsync("no json\n{}\n"u8.ToArray(), ["import", "-r", "json", "-l", "debug", "--url", Address.AbsoluteUri]);
        var gone = await RunOfflineAsync([], ["status", "-r", "json", "--url", Nowhere]);

        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(1, run.ExitCode);
        Assert.All(lines, line => Assert.Equal(["time", "level", "category", "message"], line.EnumerateObject().Select(property => property.Name).Take(4)));
        Assert.StartsWith("line 1:", lines[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        using var last = JsonDocument.Parse(gone.Error);
        Assert.Equal(("err", "dymes", 19), (last.RootElement.GetProperty("level").GetString(), last.RootElement.GetProperty("category").GetString(), gone.ExitCode));
    }

    [Theory]
    [InlineData("--loglevel", "loud")]
    [InlineData("-r", "xml")]
    [InlineData("--retry", "-1")]
    [InlineData("--retry", "NaN")]
    [InlineData("--retry", "2d")]
    public async Task A_value_that_cannot_be_is_refused_by_name(string option, string value)
    {
        var run = await RunAsync("status", option, value);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(option == "-r" ? "--logformat" : option, run.Error, StringComparison.Ordinal);
    }

    private string Write(string yaml)
    {
        var file = PathOf($"{Guid.NewGuid()}.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    private static string Document(string name)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Dymes.sln")))
        {
            directory = directory.Parent!;
        }

        return Path.Combine(directory.FullName, "doc", name);
    }

    [GeneratedRegex(@"^\| `([a-z]+\.[a-zA-Z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}
