using System.Text.Json;
using Dymes.Hosting.Logging;
using Dymes.Programs.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dymes.Hosting.Tests;

public sealed class LogLineTests
{
    [Theory]
    [InlineData(LogLevel.Trace, "fine")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "err")]
    [InlineData(LogLevel.Critical, "fatal")]
    public void In_json_each_event_is_one_object_on_one_line(LogLevel level, string name)
    {
        var trouble = Caught("a disk\nwith \"two\" lines");

        var lines = Format(LoggingFormat.Json, LoggingLevel.Info, level, "Orleans.Runtime", "what\nhappened", trouble);

        using var json = JsonDocument.Parse(Assert.Single(lines.TrimEnd('\n').Split('\n')));
        Assert.Equal(["time", "level", "category", "message", "exception"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(TimeProvider.System.GetUtcNow().UtcDateTime, json.RootElement.GetProperty("time").GetDateTime(), TimeSpan.FromMinutes(1));
        Assert.Equal(name, json.RootElement.GetProperty("level").GetString());
        Assert.Equal("Orleans.Runtime", json.RootElement.GetProperty("category").GetString());
        Assert.Equal("what\nhappened", json.RootElement.GetProperty("message").GetString());
        Assert.Equal(trouble.ToString(), json.RootElement.GetProperty("exception").GetString());
    }

    [Fact]
    public void In_json_an_event_without_an_exception_has_no_field_for_one()
    {
        using var json = JsonDocument.Parse(Format(LoggingFormat.Json, LoggingLevel.Info, LogLevel.Information, "Dymes", "Ready.", null));

        Assert.False(json.RootElement.TryGetProperty("exception", out _));
    }

    [Theory]
    [InlineData(LoggingLevel.Info, " warn  Orleans: late (IOException: gone)")]
    [InlineData(LoggingLevel.Debug, " warn  Orleans: late")]
    public void In_text_a_stack_is_shown_at_debug_level_only(LoggingLevel level, string expected)
    {
        var lines = Format(LoggingFormat.Text, level, LogLevel.Warning, "Orleans", "late", Caught("gone")).Split(Environment.NewLine);

        Assert.EndsWith(expected, lines[0], StringComparison.Ordinal);
        Assert.Equal(level == LoggingLevel.Debug, lines.Any(line => line.Contains($"at {typeof(LogLineTests).FullName}.{nameof(Caught)}", StringComparison.Ordinal)));
    }

    [Fact]
    public void In_text_Dymes_own_events_do_without_their_category() =>
        Assert.EndsWith("Z info  Ready.", Format(LoggingFormat.Text, LoggingLevel.Info, LogLevel.Information, "Dymes.Engine", "Ready.", null).TrimEnd(), StringComparison.Ordinal);

    private static string Format(LoggingFormat format, LoggingLevel least, LogLevel level, string category, string message, Exception? trouble)
    {
        using var output = new StringWriter();
        var formatter = new LineFormatter(TimeProvider.System, new LogLines(new LoggingSettings { Format = format, Level = least }));
        formatter.Write(new LogEntry<string>(level, category, default, message, trouble, static (state, _) => state), null, output);
        return output.ToString();
    }

    private static IOException Caught(string message)
    {
        try
        {
            throw new IOException(message);
        }
        catch (IOException trouble)
        {
            return trouble;
        }
    }
}
