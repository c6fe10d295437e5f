using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dymes.Client.Calls;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Client.Reading;

/// <summary>Opens a cursor.</summary>
internal sealed class OpenCursorCall(MessageQuery query) : INodeCall<CursorId>
{
    public HttpRequestMessage CreateRequest(Uri address)
    {
        var body = new ArrayBufferWriter<byte>();
        var inner = new ArrayBufferWriter<byte>();
        MessageQueryJson.Write(inner, query);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WritePropertyName("query");
            json.WriteRawValue(inner.WrittenSpan);
            json.WriteEndObject();
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "api/v1/cursors")) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        request.Content.Headers.ContentType = MediaTypes.Json;
        return request;
    }

    public async ValueTask<CursorId> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return CursorId.TryParse(text.AsSpan().Trim(), out var id) ? id : throw AnswerFields.Bad("cursor", text);
    }
}

/// <summary>Reads the next messages of a cursor.</summary>
internal sealed class ReadCursorCall(CursorId id, int count) : INodeCall<FramePage>
{
    private const string PositionHeader = "Dymes-Position";

    public HttpRequestMessage CreateRequest(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, string.Create(CultureInfo.InvariantCulture, $"api/v1/cursors/{id}?batch_size={count}")));
        request.Headers.Accept.Add(MediaTypes.AcceptFrames);
        return request;
    }

    public async ValueTask<FramePage> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var frames = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var found = 0;
        var position = default(QueryPosition);
        for (var used = 0; used < frames.Length; found++)
        {
            var fault = MessageFrame.TryRead(frames.AsSpan(used), out var frame);
            if (fault != FrameFault.None)
            {
                throw new IOException($"The answer is damaged on its way: {fault}.");
            }

            used += frame.Bytes.Length;
            position = new QueryPosition(frame.Lsn.Value, frame.Id);
        }

        return new FramePage(frames, found, PositionOf(response) ?? position);
    }

    private static QueryPosition? PositionOf(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(PositionHeader, out var values))
        {
            return null;
        }

        var text = values.First();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && ulong.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && MessageId.TryParse(text.AsSpan(colon + 1), out var last)
                ? new QueryPosition(ordinal, last)
                : throw AnswerFields.Bad(PositionHeader, text);
    }
}

/// <summary>Closes a cursor.</summary>
internal sealed class CloseCursorCall(CursorId id) : INodeCall<bool>
{
    public HttpRequestMessage CreateRequest(Uri address) => new(HttpMethod.Delete, new Uri(address, $"api/v1/cursors/{id}"));

    public ValueTask<bool> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
