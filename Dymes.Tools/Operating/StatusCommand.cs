using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Operating;

/// <summary><c>dymes status</c>: how a node is.</summary>
internal static class StatusCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("status", "Print how much a node holds and whether it takes messages; fails where it does not.");
        var json = new Option<bool>("--json") { Description = "Print a JSON document." };
        var node = new NodeOptions(retrySeconds: 0);
        command.Add(json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = node.Connect(parsed, terminal);
            var status = await client.GetStatusAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonLines.Write(terminal.Output, json => Write(json, status));
            }
            else
            {
                Print(terminal, node.Read(parsed, terminal).Addresses[0], status);
            }

            return status.Condition switch
            {
                LogCondition.Ready => ExitCodes.Done,
                LogCondition.DiskFull => ErrorCatalog.Describe(ErrorCode.DiskFull).ExitCode,
                LogCondition.Failed => ErrorCatalog.Describe(ErrorCode.StorageFailed).ExitCode,
                _ => ErrorCatalog.Describe(ErrorCode.NotReady).ExitCode,
            };
        });
        return command;
    }

    private static void Print(ToolTerminal terminal, Uri address, LogStatus status)
    {
        var output = terminal.Output;
        output.WriteLine($"node      {address.GetLeftPart(UriPartial.Authority)}");
        output.WriteLine($"state     {Name(status.Condition)}{(status.Detail is { } detail ? $": {detail}" : "")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"messages  {status.NextLsn.Value:N0}"));
        if (!status.LastId.IsNone)
        {
            output.WriteLine($"last      {status.LastId}  {status.LastId.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture)}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stored    {ByteSize.Format(status.StoredBytes)} in {status.SegmentCount} segment{(status.SegmentCount == 1 ? "" : "s")}"));
    }

    private static void Write(Utf8JsonWriter json, LogStatus status)
    {
        json.WriteStartObject();
        json.WriteString("condition", Name(status.Condition));
        json.WriteString("detail", status.Detail);
        json.WriteNumber("next_lsn", status.NextLsn.Value);
        json.WriteString("last_id", status.LastId.IsNone ? null : status.LastId.ToString());
        json.WriteNumber("stored_bytes", status.StoredBytes);
        json.WriteNumber("segment_count", status.SegmentCount);
        json.WriteEndObject();
    }

    private static string Name(LogCondition condition) => condition switch
    {
        LogCondition.Ready => "ready",
        LogCondition.NotReady => "not-ready",
        LogCondition.DiskFull => "disk-full",
        _ => "failed",
    };
}
