using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Http.Appending;

/// <summary>The answer to a batch: one line of JSON a part, in order. For clients that know JSON alone the lines are the elements of an array.</summary>
internal sealed class ReceiptLines(string form)
{
    private const int StoredLineBytesMax = 160;

    private readonly bool _isArray = form == MediaTypes.Json;
    private bool _hasLines;

    /// <summary>Writes the lines of a gathering that the log has answered, or could not take.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="gathering">The parts.</param>
    /// <param name="result">What became of those that went to the log; null where none did, or all failed.</param>
    /// <param name="failure">Why the log could not take them; null where it could.</param>
    public void Write(IBufferWriter<byte> output, Gathering gathering, AppendResult? result, DymesException? failure)
    {
        if (failure is not null)
        {
            WriteFailure(output, gathering, failure);
            return;
        }

        var receipt = 0;
        foreach (var slot in gathering.Slots)
        {
            if (slot.Problem is not null)
            {
                WriteProblem(output, slot.Line, "malformed", slot.Problem);
            }
            else
            {
                Write(output, slot.Line, result!.AsSpan()[receipt++]);
            }
        }
    }

    /// <summary>Writes what comes behind the last line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="lineNext">The first part that was not read.</param>
    /// <param name="ending">Why it was not; null where all were.</param>
    public void WriteEnd(IBufferWriter<byte> output, long lineNext = 0, Problem? ending = null)
    {
        if (ending is not null)
        {
            WriteProblem(output, lineNext, "not-run", ending);
        }

        if (_isArray)
        {
            Put(output, _hasLines ? "]\n"u8 : "[]\n"u8);
        }
    }

    private void WriteFailure(IBufferWriter<byte> output, Gathering gathering, DymesException failure)
    {
        var outcome = failure.Code == ErrorCode.OutcomeUnknown ? "unknown" : "not-run";
        foreach (var slot in gathering.Slots)
        {
            WriteProblem(output, slot.Line, slot.Problem is null ? outcome : "malformed", slot.Problem ?? Problem.Of(failure));
        }
    }

    private void Write(IBufferWriter<byte> output, long line, AppendReceipt receipt)
    {
        if (receipt.IsStored)
        {
            WriteStored(output, line, receipt);
        }
        else
        {
            WriteProblem(output, line, AppendReceiptJson.NameOf(receipt.Outcome), OutcomeProblem.Of(receipt), receipt);
        }
    }

    // By hand, since a batch of small messages spends as much on its answer as on its lines.
    private void WriteStored(IBufferWriter<byte> output, long line, AppendReceipt receipt)
    {
        Separate(output);
        var text = output.GetSpan(StoredLineBytesMax);
        var at = Put(text, 0, "{\"line\":"u8);
        at = Put(text, at, (ulong)line);
        at = Put(text, at, receipt.Outcome == AppendOutcome.Appended ? ",\"outcome\":\"appended\",\"id\":\""u8 : ",\"outcome\":\"replayed\",\"id\":\""u8);
        receipt.Id.WriteText(text[at..]);
        at = Put(text, at + MessageId.TextLength, "\",\"lsn\":"u8);
        at = Put(text, at, receipt.Lsn.Value);
        at = Put(text, at, ",\"channel_version\":"u8);
        at = Put(text, at, receipt.ChannelVersion);
        at = Put(text, at, "}\n"u8);
        output.Advance(at);
    }

    private void WriteProblem(IBufferWriter<byte> output, long line, string outcome, Problem problem, AppendReceipt receipt = default)
    {
        Separate(output);
        using (var json = new Utf8JsonWriter(output, MessageJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line);
            json.WriteString("outcome"u8, outcome);
            json.WriteNumber("status"u8, problem.Status);
            json.WriteString("type"u8, Problem.TypePrefix + problem.Slug);
            (problem with { Line = null, Id = receipt.Id.IsNone ? null : receipt.Id.ToString() }).WriteMembers(json);
            if (problem.ChannelVersion is null)
            {
                json.WriteNumber("channel_version"u8, receipt.ChannelVersion);
            }

            json.WriteEndObject();
        }

        Put(output, "\n"u8);
    }

    private void Separate(IBufferWriter<byte> output)
    {
        if (_isArray)
        {
            Put(output, _hasLines ? ","u8 : "["u8);
        }

        _hasLines = true;
    }

    private static void Put(IBufferWriter<byte> output, ReadOnlySpan<byte> part)
    {
        part.CopyTo(output.GetSpan(part.Length));
        output.Advance(part.Length);
    }

    private static int Put(Span<byte> text, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(text[at..]);
        return at + part.Length;
    }

    private static int Put(Span<byte> text, int at, ulong number)
    {
        number.TryFormat(text[at..], out var digits, default, CultureInfo.InvariantCulture);
        return at + digits;
    }
}
