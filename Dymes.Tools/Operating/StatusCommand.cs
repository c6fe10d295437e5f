using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dymes.Client;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Tools.Options;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Operating;

/// <summary><c>dymes status</c>: how a node is, or each of several.</summary>
internal static class StatusCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("status", "Print how much a node holds and whether it takes messages, for each that --url names; fails where one does not.");
        var json = new Option<bool>("--json") { Description = "Print a JSON document, one a line for each node." };
        var node = new NodeOptions(retrySeconds: 0);
        command.Add(json);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var exitCode = ExitCodes.Done;
            var isFirst = true;
            foreach (var (address, client) in node.ConnectEach(parsed, terminal))
            {
                var code = await TellAsync(client, address, terminal, parsed.GetValue(json), isFirst, cancellationToken);
                exitCode = exitCode == ExitCodes.Done ? code : exitCode;
                isFirst = false;
            }

            return exitCode;
        });
        return command;
    }

    // One that does not answer is told of, and hides no other.
    private static async Task<int> TellAsync(DymesClient client, Uri address, ToolTerminal terminal, bool isJson, bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            var status = await client.GetStatusAsync(cancellationToken);
            if (isJson)
            {
                JsonLines.Write(terminal.Output, json => Write(json, address, status));
            }
            else
            {
                Print(terminal.Output, address, status, isFirst);
            }

            return ExitCodeOf(status.Condition);
        }
        catch (DymesException trouble)
        {
            return Complaint.Tell(terminal, trouble);
        }
    }

    private static int ExitCodeOf(LogCondition condition) => condition switch
    {
        LogCondition.Ready => ExitCodes.Done,
        LogCondition.DiskFull => ErrorCatalog.Describe(ErrorCode.DiskFull).ExitCode,
        LogCondition.Failed => ErrorCatalog.Describe(ErrorCode.StorageFailed).ExitCode,
        _ => ErrorCatalog.Describe(ErrorCode.NotReady).ExitCode,
    };

    private static void Print(TextWriter output, Uri address, LogStatus status, bool isFirst)
    {
        output.Write(isFirst ? "" : "\n");
        output.WriteLine($"node      {address.GetLeftPart(UriPartial.Authority)}");
        output.WriteLine($"state     {Name(status.Condition)}{(status.Detail is { } detail ? $": {detail}" : "")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"messages  {status.NextLsn.Value:N0}"));
        if (!status.LastId.IsNone)
        {
            output.WriteLine($"last      {status.LastId}  {status.LastId.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture)}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stored    {ByteSize.Format(status.StoredBytes)} in {status.SegmentCount} segment{(status.SegmentCount == 1 ? "" : "s")}"));
    }

    private static void Write(Utf8JsonWriter json, Uri address, LogStatus status)
    {
        json.WriteStartObject();
        json.WriteString("node", address.GetLeftPart(UriPartial.Authority));
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
