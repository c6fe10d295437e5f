using System.Text.Json;
using Dymes.Testing;

namespace Dymes.Tools.Tests;

public sealed class WorkshopCommandTests : ToolBench
{
    [Fact]
    public async Task Every_step_shows_its_call_and_the_nodes_answer()
    {
        var run = await RunAsync("workshop", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var steps = run.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(9, steps.Length);
        Assert.All(steps, step => Assert.InRange(step.GetProperty("status").GetInt32(), 200, 299));
        Assert.All(steps, step => Assert.StartsWith("curl -s", step.GetProperty("call").GetString(), StringComparison.Ordinal));
        Assert.Equal([3, 4, 4, 1], new[] { 4, 5, 6, 7 }.Select(step => MessagesOf(steps[step])));
        Assert.Equal(4, (await Log.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task A_second_tour_leaves_the_first_alone()
    {
        await RunAsync("workshop", "--yes");

        var run = await RunAsync("workshop", "--yes");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("── 9/9 Version ──", run.Output, StringComparison.Ordinal);
        Assert.Equal(8, (await Log.ReadAllAsync()).Count);
        Assert.Equal(2, (await Log.ListChannelsAsync(null, 10)).Count);
    }

    private static int MessagesOf(JsonElement step)
    {
        using var answer = JsonDocument.Parse(step.GetProperty("answer").GetString()!);
        return answer.RootElement.GetProperty("messages").GetArrayLength();
    }
}
