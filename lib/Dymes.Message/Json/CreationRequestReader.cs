using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Dymes.Common;

namespace Dymes.Message.Json;

/// <summary>
/// Reads creation and import requests: UTF-8 JSON in, a sealed frame out. The body is decoded straight into the frame and nothing else is kept of
/// the text. Reusable, one request after the other; not thread-safe.
/// </summary>
public sealed class CreationRequestReader
{
    /// <summary>How deep a request may nest: far deeper than people write, far shallower than a stack.</summary>
    public const int DepthMax = 256;

    private const int ScratchBytesKept = 64 * 1024;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax };

    private readonly KvEntriesReader _entries = new();
    private FrameBuilder _builder = new();
    private byte[] _scratch = new byte[256];
    private RequestField _seen;
    private RequestIds _ids;
    private ulong? _expectedVersion;
    private byte[]? _channelName;
    private BodySource _body;

    /// <summary>Reads one request and writes its frame.</summary>
    /// <param name="json">The request, whole.</param>
    /// <param name="frames">Where the frame goes; nothing is written where the request is refused.</param>
    /// <param name="ids">Whether the request brings its id.</param>
    /// <param name="id">The id that the message gets, where the caller knows it (from a URL); an id in the request must then be the same.</param>
    /// <exception cref="DymesException"><see cref="ErrorCode.InvalidArgument"/> or <see cref="ErrorCode.TooLarge"/>, with the place as a JSON pointer.</exception>
    public CreationRequest Read(ReadOnlySpan<byte> json, IBufferWriter<byte> frames, RequestIds ids = RequestIds.Assigned, MessageId id = default)
    {
        Reset(ids);
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        if (!Utf8.IsValid(json))
        {
            throw JsonRefusal.Invalid("", "The request is not valid UTF-8.");
        }

        ReadFields(json);
        GiveId(id);
        GiveReserved();
        var frameBytes = WriteFrame(json, frames);
        return new CreationRequest(frameBytes, _builder.Id, _expectedVersion);
    }

    private void Reset(RequestIds ids)
    {
        // A request with huge entries must not leave its buffers with a pooled reader for ever.
        if (_entries.DataBytes > ScratchBytesKept)
        {
            _builder = new FrameBuilder();
        }

        if (_scratch.Length > ScratchBytesKept)
        {
            _scratch = new byte[256];
        }

        _builder.Reset();
        _entries.Reset();
        _seen = RequestField.None;
        _ids = ids;
        _expectedVersion = null;
        _channelName = null;
        _body = default;
    }

    private void ReadFields(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw JsonRefusal.Type("", "a JSON object", reader.TokenType);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = ReadName(ref reader);
                reader.Read();
                ReadValue(ref reader, field);
            }

            // Finds anything behind the object.
            reader.Read();
        }
        catch (JsonException error)
        {
            throw JsonRefusal.Syntax(error);
        }
    }

    private RequestField ReadName(ref Utf8JsonReader reader)
    {
        var field = RequestFields.Find(JsonText.Unescape(ref reader, ref _scratch, ""), _ids);
        if (field == RequestField.None)
        {
            var name = reader.GetString()!;
            throw JsonRefusal.Invalid(
                "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal),
                RequestFields.Explain(name, _ids));
        }

        if ((_seen & field) != 0)
        {
            throw JsonRefusal.Invalid(RequestFields.Pointer(field, _ids), $"The field {reader.GetString()}, or another name of it, is there twice; give it once.");
        }

        _seen |= field;
        return field;
    }

    private void ReadValue(ref Utf8JsonReader reader, RequestField field)
    {
        switch (field)
        {
            case RequestField.Channel:
                _builder.Channel = JsonNumber128.ReadChannel(ref reader, ref _scratch, "/channel", out var name);
                _channelName = name.IsEmpty ? null : name.ToArray();
                break;
            case RequestField.Routing:
                _builder.Routing = JsonNumber128.Read(ref reader, ref _scratch, "/routing");
                break;
            case RequestField.CorrelationId:
                _builder.CorrelationId = JsonText.ReadId(ref reader, ref _scratch, RequestFields.Pointer(field, _ids));
                break;
            case RequestField.Id:
                _builder.Id = JsonText.ReadId(ref reader, ref _scratch, RequestFields.Pointer(field, _ids));
                break;
            case RequestField.KvEntries:
                _entries.Read(ref reader, _builder, RequestFields.Pointer(field, _ids), takesReserved: _ids == RequestIds.Required);
                break;
            case RequestField.ExpectedVersion:
                _expectedVersion = ReadVersion(ref reader);
                break;
            default:
                ReadBody(ref reader, field);
                break;
        }
    }

    private static ulong? ReadVersion(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var version) || version < -1)
        {
            throw JsonRefusal.Invalid("/expected_version", "/expected_version must be the number of messages that the channel holds, 0 or more, or -1 for any.");
        }

        return version < 0 ? null : (ulong)version;
    }

    private void ReadBody(ref Utf8JsonReader reader, RequestField field)
    {
        if (_body.Kind != BodyKind.None)
        {
            throw JsonRefusal.Invalid("/body", "A message has one body: give either body or encoded_msg_body.");
        }

        var start = (int)reader.TokenStartIndex;
        if (field == RequestField.Body)
        {
            reader.Skip();
            _body = new BodySource(BodyKind.Json, start, (int)reader.BytesConsumed - start, "/body");
        }
        else if (reader.TokenType == JsonTokenType.String)
        {
            _body = new BodySource(
                reader.ValueIsEscaped ? BodyKind.EscapedBase64 : BodyKind.Base64, start, (int)reader.BytesConsumed - start, RequestFields.Pointer(field, _ids));
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            throw JsonRefusal.Type(RequestFields.Pointer(field, _ids), "a base64 string (for other values there is the field body)", reader.TokenType);
        }
    }

    private void GiveId(MessageId id)
    {
        if (!id.IsNone && !_builder.Id.IsNone && _builder.Id != id)
        {
            throw JsonRefusal.Invalid("/encoded_id", $"/encoded_id is {_builder.Id}, but the address says {id}; leave out the field.");
        }

        if (!id.IsNone)
        {
            _builder.Id = id;
        }
        else if (_ids == RequestIds.Required && _builder.Id.IsNone)
        {
            throw JsonRefusal.Invalid("/encoded_id", "An import needs the message's id: a ULID as encoded_id, not 26 zeros.");
        }
    }

    // Behind the client's entries, in this order: so equal requests make equal frames, whatever the order of their fields.
    private void GiveReserved()
    {
        if (_body.Kind == BodyKind.Json && !_entries.HasContentType)
        {
            _builder.AddKv("content-type"u8, "application/json"u8);
        }

        if (_channelName is not null && !_entries.HasChannelName)
        {
            _builder.AddKv(ReservedKeys.ChannelName, _channelName);
        }

        if (_entries.HasChannelName && _entries.ChannelOfName != _builder.Channel)
        {
            throw JsonRefusal.Invalid("/channel", "The entry dymes:channel holds a name whose XxHash128 is not the message's channel.");
        }
    }

    private int WriteFrame(ReadOnlySpan<byte> json, IBufferWriter<byte> frames)
    {
        var text = json.Slice(_body.Start, _body.Length);
        byte[]? rented = null;
        try
        {
            switch (_body.Kind)
            {
                case BodyKind.None:
                    return WriteFrame(text, bodyBytes: 0, frames);
                case BodyKind.Json:
                    return WriteFrame(text, text.Length, frames);
                case BodyKind.Base64:
                    text = text[1..^1];
                    break;
                default:
                    rented = ArrayPool<byte>.Shared.Rent(text.Length);
                    var reader = new Utf8JsonReader(text);
                    reader.Read();
                    text = JsonText.Unescape(ref reader, ref rented, _body.Pointer);
                    break;
            }

            var bodyBytes = Base64Text.DecodedBytes(text);
            return WriteFrame(text, bodyBytes >= 0 ? bodyBytes : throw NotBase64(), frames);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private int WriteFrame(ReadOnlySpan<byte> text, int bodyBytes, IBufferWriter<byte> frames)
    {
        var frameBytes = FrameBytes(bodyBytes);
        var frame = frames.GetSpan(frameBytes)[..frameBytes];
        var body = _builder.WriteHead(frame, bodyBytes);
        if (_body.Kind == BodyKind.Json)
        {
            text.CopyTo(body);
        }
        else if (!Base64Text.TryDecode(text, body))
        {
            throw NotBase64();
        }

        FrameBuilder.Seal(frame);
        frames.Advance(frameBytes);
        return frameBytes;
    }

    private int FrameBytes(int bodyBytes)
    {
        try
        {
            return _builder.FrameBytes(bodyBytes);
        }
        catch (DymesException error)
        {
            throw JsonRefusal.TooLarge(_body.Pointer ?? "", error.Message);
        }
    }

    private DymesException NotBase64() => JsonRefusal.Invalid(
        _body.Pointer, $"{_body.Pointer} is not base64: use the standard or the URL-safe alphabet, padded or not, without white space.");

    private enum BodyKind
    {
        None,
        Json,
        Base64,
        EscapedBase64,
    }

    /// <summary>Where the body stands in the request, quotes included.</summary>
    private readonly record struct BodySource(BodyKind Kind, int Start, int Length, string Pointer);
}
