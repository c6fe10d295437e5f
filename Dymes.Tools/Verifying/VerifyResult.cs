using System.Globalization;
using System.Text.Json;
using Dymes.Common;
using Dymes.MessageStore.Verification;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Verifying;

/// <summary>What a check found, and what a repair did about it.</summary>
internal sealed record VerifyResult(VerifyReport Report, bool Repairs, bool CutsTail)
{
    /// <summary>0: nothing is wrong any more; 1: faults that a repair mends; that of damaged storage: only a backup mends it.</summary>
    public int ExitCode => Report.Faults.Any(fault => !IsMendable(fault)) ? ErrorCatalog.Describe(ErrorCode.StorageDamaged).ExitCode
        : Report.Faults.All(IsMended) ? ExitCodes.Done
        : ExitCodes.SomeRefused;

    public void Print(TextWriter output)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Report.Directory}: {Report.Segments.Count:N0} segment(s), {Report.Entries:N0} entries, {Report.Messages:N0} messages, {ByteSize.Format(Report.Bytes)}"));
        foreach (var fault in Report.Faults)
        {
            output.WriteLine($"  {NameOf(fault.Kind)}  {fault.Path} at byte {fault.Offset}{Lsns(fault)}: {fault.Message}{(IsMended(fault) ? " Done." : "")}");
        }

        output.WriteLine(Report.IsSound ? "  sound" : Advice());
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("directory", Report.Directory);
        json.WriteNumber("segments", Report.Segments.Count);
        json.WriteNumber("entries", Report.Entries);
        json.WriteNumber("messages", Report.Messages);
        json.WriteNumber("bytes", Report.Bytes);
        json.WriteStartArray("faults");
        foreach (var fault in Report.Faults)
        {
            json.WriteStartObject();
            json.WriteString("kind", NameOf(fault.Kind));
            json.WriteString("path", fault.Path);
            json.WriteNumber("offset", fault.Offset);
            WriteLsn(json, "first_lsn", fault.FirstLsn?.Value);
            WriteLsn(json, "last_lsn", fault.LastLsn?.Value);
            json.WriteString("message", fault.Message);
            json.WriteBoolean("mended", IsMended(fault));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private string Advice()
    {
        var hasTail = Report.Faults.Any(fault => fault.Kind == VerifyFaultKind.Tail);
        return ExitCode == ExitCodes.Done ? "  repaired"
            : Report.Faults.Any(fault => !IsMendable(fault)) ? "  damaged: restore the files named from a backup"
            : hasTail && !CutsTail ? "  run it with --repair --yes to cut the tail; the messages behind the damage are then lost"
            : "  run it with --repair";
    }

    private bool IsMended(VerifyFault fault) => Repairs && fault.Kind switch
    {
        VerifyFaultKind.Index or VerifyFaultKind.Sessions or VerifyFaultKind.Journal => true,
        VerifyFaultKind.Tail => CutsTail,
        _ => false,
    };

    private static bool IsMendable(VerifyFault fault) => fault.Kind is VerifyFaultKind.Index or VerifyFaultKind.Sessions or VerifyFaultKind.Journal or VerifyFaultKind.Tail;

    private static string Lsns(VerifyFault fault) => (fault.FirstLsn, fault.LastLsn) switch
    {
        ({ } first, { } last) => $", messages {first} to {last}",
        ({ } first, null) => $", from message {first} on",
        _ => "",
    };

    private static string NameOf(VerifyFaultKind kind) => kind.ToString().ToLowerInvariant();

    private static void WriteLsn(Utf8JsonWriter json, string name, ulong? lsn)
    {
        if (lsn is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
