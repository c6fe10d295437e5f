using System.Net.Sockets;
using System.Text.Json;
using Dymes.Common;
using Dymes.Hosting.Operating;
using Dymes.Programs.Logging;

namespace Dymes.Hosting.Tests;

public sealed class FatalErrorTests
{
    [Fact]
    public async Task A_refusal_is_one_line_and_its_own_exit_code()
    {
        var (exitCode, text) = await EndAsync(new LoggingSettings(), () => throw new DymesException(ErrorCode.DirectoryInUse, "Stop the other one."));

        Assert.Equal((17, $"dymes-silo: Stop the other one.{Environment.NewLine}"), (exitCode, text));
    }

    [Theory]
    [MemberData(nameof(Surroundings))]
    public async Task Trouble_with_the_machine_is_no_bug_and_names_the_setting(Exception trouble, int expected, string setting)
    {
        var (exitCode, text) = await EndAsync(new LoggingSettings(), () => throw trouble);

        Assert.Equal(expected, exitCode);
        Assert.Contains(setting, text, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", text, StringComparison.Ordinal);
    }

    public static TheoryData<Exception, int, string> Surroundings() => new()
    {
        { new IOException("Failed to bind.", new SocketException((int)SocketError.AddressAlreadyInUse)), 18, "http.port" },
        { new IOException("Failed to bind.", new SocketException((int)SocketError.AddressNotAvailable)), 18, "http.host" },
        { new UnauthorizedAccessException("Denied."), 15, "store.dataPath" },
        { new IOException("Read-only file system."), 15, "store.dataPath" },
    };

    [Fact]
    public async Task A_bug_names_the_setting_that_shows_more_and_with_that_setting_there_is_more()
    {
        var (exitCode, brief) = await EndAsync(new LoggingSettings(), Fail);
        var (_, full) = await EndAsync(new LoggingSettings { Level = LoggingLevel.Debug }, Fail);

        Assert.Equal(70, exitCode);
        Assert.Contains("--logging.level=debug", brief, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(Fail), brief, StringComparison.Ordinal);
        Assert.StartsWith(brief, full, StringComparison.Ordinal);
        Assert.Contains($"at {typeof(FatalErrorTests).FullName}.{nameof(Fail)}", full, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_json_log_the_last_word_is_json_too()
    {
        var (_, text) = await EndAsync(new LoggingSettings { Format = LoggingFormat.Json }, Fail);

        using var json = JsonDocument.Parse(Assert.Single(text.TrimEnd('\n').Split('\n')));
        Assert.Equal(("fatal", "dymes-silo"), (json.RootElement.GetProperty("level").GetString(), json.RootElement.GetProperty("category").GetString()));
        Assert.Contains(nameof(Fail), json.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Text)> EndAsync(LoggingSettings logging, Func<Task> run)
    {
        using var error = new StringWriter();
        var exitCode = await new FatalError("dymes-silo") { Logging = logging }.GuardAsync(run, error);
        return (exitCode, error.ToString());
    }

    private static Task Fail() => throw new InvalidOperationException("what nobody thought of");
}
