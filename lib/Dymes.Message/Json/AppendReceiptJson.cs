using System.Text.Json;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Message.Json;

/// <summary>
/// A receipt as JSON: <c>{"outcome":"appended","id":"01K…","lsn":17,"channel_version":3}</c>. The id is null where there is none, the position where the message is not stored.
/// </summary>
public static class AppendReceiptJson
{
    private static readonly JsonEncodedText OutcomeField = JsonEncodedText.Encode("outcome");
    private static readonly JsonEncodedText IdField = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText LsnField = JsonEncodedText.Encode("lsn");
    private static readonly JsonEncodedText VersionField = JsonEncodedText.Encode("channel_version");

    // The place of a name is the number of its outcome.
    private static readonly JsonEncodedText[] Outcomes =
    [
        JsonEncodedText.Encode("appended"),
        JsonEncodedText.Encode("replayed"),
        JsonEncodedText.Encode("version-mismatch"),
        JsonEncodedText.Encode("id-conflict"),
        JsonEncodedText.Encode("parent-missing"),
        JsonEncodedText.Encode("idempotency-mismatch"),
        JsonEncodedText.Encode("aborted"),
    ];

    /// <summary>The stable name of an outcome, lower case with dashes.</summary>
    public static string NameOf(AppendOutcome outcome) => Outcomes[(int)outcome].Value;

    /// <summary>Writes a receipt as one value.</summary>
    public static void Write(Utf8JsonWriter json, in AppendReceipt receipt)
    {
        json.WriteStartObject();
        json.WriteString(OutcomeField, Outcomes[(int)receipt.Outcome]);
        if (receipt.Id.IsNone)
        {
            json.WriteNull(IdField);
        }
        else
        {
            Span<byte> text = stackalloc byte[MessageId.TextLength];
            receipt.Id.WriteText(text);
            json.WriteString(IdField, text);
        }

        if (receipt.IsStored)
        {
            json.WriteNumber(LsnField, receipt.Lsn.Value);
        }
        else
        {
            json.WriteNull(LsnField);
        }

        json.WriteNumber(VersionField, receipt.ChannelVersion);
        json.WriteEndObject();
    }

    /// <summary>Reads a receipt. Fields that it does not know are passed over: a newer node may say more.</summary>
    /// <exception cref="DymesException">It is none.</exception>
    public static AppendReceipt Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return ReadFields(utf8);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            throw new DymesException(ErrorCode.InvalidArgument, $"A line is no receipt: {problem.Message}", problem);
        }
    }

    private static AppendReceipt ReadFields(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8);
        var outcome = -1;
        var id = MessageId.None;
        ulong lsn = 0;
        ulong version = 0;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals(OutcomeField.EncodedUtf8Bytes))
            {
                json.Read();
                outcome = OutcomeOf(ref json);
            }
            else if (json.ValueTextEquals(IdField.EncodedUtf8Bytes))
            {
                json.Read();
                if (json.TokenType != JsonTokenType.Null && !MessageId.TryParse(json.ValueSpan, out id))
                {
                    throw new FormatException("the id is no ULID");
                }
            }
            else if (json.ValueTextEquals(LsnField.EncodedUtf8Bytes))
            {
                json.Read();
                lsn = json.TokenType == JsonTokenType.Null ? 0 : json.GetUInt64();
            }
            else if (json.ValueTextEquals(VersionField.EncodedUtf8Bytes))
            {
                json.Read();
                version = json.GetUInt64();
            }
            else
            {
                json.Skip();
            }
        }

        return outcome >= 0
            ? new AppendReceipt((AppendOutcome)outcome, id, new Lsn(lsn), version)
            : throw new FormatException("it tells no outcome");
    }

    private static int OutcomeOf(ref Utf8JsonReader json)
    {
        for (var outcome = 0; outcome < Outcomes.Length; outcome++)
        {
            if (json.ValueTextEquals(Outcomes[outcome].EncodedUtf8Bytes))
            {
                return outcome;
            }
        }

        throw new FormatException($"\"{json.GetString()}\" is no outcome");
    }
}
