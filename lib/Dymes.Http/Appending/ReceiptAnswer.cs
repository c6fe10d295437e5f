using System.Globalization;
using System.Text.Json;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>Answers the append of one message: its id as text, or its receipt as JSON.</summary>
internal static class ReceiptAnswer
{
    private const string MessagesPath = "/api/v1/messages/";

    public static ValueTask SendAsync(HttpContext http, AppendReceipt receipt)
    {
        if (!receipt.IsStored)
        {
            throw new Refusal(OutcomeProblem.Of(receipt));
        }

        var form = MediaTypes.Choose(http.Request, MediaTypes.Text, MediaTypes.Json);
        var response = http.Response;
        response.StatusCode = receipt.Outcome == AppendOutcome.Replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        response.Headers.Location = Location(http, receipt.Id);
        response.Headers[AppendHeaders.Lsn] = receipt.Lsn.ToString();
        response.Headers[AppendHeaders.ChannelVersion] = receipt.ChannelVersion.ToString(CultureInfo.InvariantCulture);
        if (receipt.Outcome == AppendOutcome.Replayed)
        {
            response.Headers[AppendHeaders.Replayed] = "true";
        }

        response.ContentType = form;
        if (form == MediaTypes.Json)
        {
            WriteJson(response, receipt);
        }
        else
        {
            response.ContentLength = MessageId.TextLength;
            receipt.Id.WriteText(response.BodyWriter.GetSpan(MessageId.TextLength));
            response.BodyWriter.Advance(MessageId.TextLength);
        }

        // The server flushes at the end of the request, head and body in one packet.
        return ValueTask.CompletedTask;
    }

    private static string Location(HttpContext http, MessageId id) => http.Request.PathBase.HasValue
        ? string.Concat(http.Request.PathBase.Value, MessagesPath, id.ToString())
        : string.Create(MessagesPath.Length + MessageId.TextLength, id, static (text, value) =>
        {
            MessagesPath.CopyTo(text);
            value.WriteText(text[MessagesPath.Length..]);
        });

    private static void WriteJson(HttpResponse response, AppendReceipt receipt)
    {
        using var bytes = new PooledBytes(128);
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            json.WriteStartObject();
            MessageJson.WriteId(json, "id"u8, receipt.Id);
            json.WriteNumber("lsn"u8, receipt.Lsn.Value);
            json.WriteNumber("channel_version"u8, receipt.ChannelVersion);
            json.WriteEndObject();
        }

        response.ContentLength = bytes.Length;
        bytes.Written.Span.CopyTo(response.BodyWriter.GetSpan(bytes.Length));
        response.BodyWriter.Advance(bytes.Length);
    }
}
