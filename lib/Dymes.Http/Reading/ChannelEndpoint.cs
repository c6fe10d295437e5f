using System.Text.Json;
using Dymes.Http.Answering;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dymes.Http.Reading;

/// <summary><c>GET /api/v1/channels</c> and <c>GET /api/v1/channels/{channel}</c>.</summary>
internal sealed class ChannelEndpoint(SessionRead session)
{
    private const int LimitUsual = 1000;

    public async Task GetAllAsync(HttpContext http)
    {
        var parameters = new QueryParameters(http.Request, "after", "limit");
        var limit = (int)(parameters.Number("limit", 1, Selection.LimitMax) ?? LimitUsual);
        var after = parameters.Channel("after");
        var form = MediaTypes.Choose(http.Request, MediaTypes.Json);
        var log = await session.OpenAsync(http).ConfigureAwait(false);
        var channels = await log.ListChannelsAsync(after, limit, http.RequestAborted).ConfigureAwait(false);
        SessionRead.Tell(http, channels.Select(channel => channel.LastLsn.Next).DefaultIfEmpty().Max());
        var next = channels.Count == limit ? channels[^1].Id.ToString() : null;
        if (next is not null)
        {
            http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path}?limit={limit}&after={next}>; rel=\"next\"";
        }

        using var bytes = new PooledBytes(4096);
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("channels"u8);
            foreach (var channel in channels)
            {
                Write(json, channel);
            }

            json.WriteEndArray();
            json.WriteString("next"u8, next);
            json.WriteEndObject();
        }

        await BytesAnswer.SendAsync(http, form, bytes.Written).ConfigureAwait(false);
    }

    public async Task GetAsync(HttpContext http)
    {
        var text = NameOf(http);
        if (!ChannelId.TryParse(text, out var id, out _))
        {
            throw Refusal.Parameter("channel", $"The path must end with a channel: a number of at most 128 bits (decimal or 0x…), or a name of 1 to {MessageLimits.ChannelNameBytesMax} bytes.");
        }

        var form = MediaTypes.Choose(http.Request, MediaTypes.Json);
        var log = await session.OpenAsync(http).ConfigureAwait(false);
        var channel = await log.FindChannelAsync(id, http.RequestAborted).ConfigureAwait(false)
            ?? throw Refusal.NotFound($"The channel {text} holds no message. A channel comes into being with its first one.");
        SessionRead.Tell(http, channel.LastLsn.Next);
        using var bytes = new PooledBytes(512);
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            Write(json, channel);
        }

        await BytesAnswer.SendAsync(http, form, bytes.Written).ConfigureAwait(false);
    }

    // The server leaves %2F in a path as it is, so a name with a slash is only told from one with those three characters by the address as it was sent.
    private static string NameOf(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?', 2)[0].TrimEnd('/');
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }

    private static void Write(Utf8JsonWriter json, ChannelSummary channel)
    {
        json.WriteStartObject();
        MessageJson.WriteHex(json, "id"u8, channel.Id.Value);
        json.WriteString("name"u8, channel.Name);
        json.WriteNumber("count"u8, channel.Count);
        json.WriteNumber("first_lsn"u8, channel.FirstLsn.Value);
        json.WriteNumber("last_lsn"u8, channel.LastLsn.Value);
        MessageJson.WriteId(json, "first_id"u8, channel.FirstId);
        MessageJson.WriteId(json, "last_id"u8, channel.LastId);
        MessageJson.WriteTime(json, "first_time"u8, channel.FirstId);
        MessageJson.WriteTime(json, "last_time"u8, channel.LastId);
        json.WriteEndObject();
    }
}
