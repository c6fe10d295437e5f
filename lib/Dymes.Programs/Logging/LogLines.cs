using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Dymes.Programs.Logging;

/// <summary>Writes events as lines: for people as text, for collectors as JSON with one object a line.</summary>
/// <param name="settings">The form, and the level, which decides whether the text form shows stacks.</param>
public sealed class LogLines(LoggingSettings settings)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the text form shows the stack of an exception: where somebody looks for a fault. JSON always has it.</summary>
    public bool ShowsStack => settings.Level <= LoggingLevel.Debug;

    /// <summary>The event with the end of its line. Text has further lines only for a stack.</summary>
    public string Format(LogEvent logged) => settings.Format == LoggingFormat.Json ? FormatJson(logged) : FormatText(logged);

    // The category is left out for Dymes' own.
    private string FormatText(LogEvent logged)
    {
        var source = logged.Category.StartsWith("Dymes", StringComparison.Ordinal) ? "" : $"{logged.Category}: ";
        var trouble = logged.Exception switch
        {
            null => "",
            var error when ShowsStack => $"{Environment.NewLine}{error}",
            var error => $" ({error.GetType().Name}: {error.Message})",
        };
        return $"{TimeOf(logged)} {NameOf(logged.Level),-5} {source}{logged.Message}{trouble}{Environment.NewLine}";
    }

    private static string FormatJson(LogEvent logged)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Json))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, TimeOf(logged));
            json.WriteString("level"u8, NameOf(logged.Level));
            json.WriteString("category"u8, logged.Category);
            json.WriteString("message"u8, logged.Message);
            if (logged.Exception is { } error)
            {
                json.WriteString("exception"u8, error.ToString());
            }

            json.WriteEndObject();
        }

        return $"{Encoding.UTF8.GetString(bytes.WrittenSpan)}\n";
    }

    private static string TimeOf(LogEvent logged) => logged.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "fine",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "err",
        _ => "fatal",
    };
}
