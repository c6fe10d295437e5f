using System.Text;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing;

/// <summary>Reads whole answers of a log, as tests compare them.</summary>
public static class LogReading
{
    /// <summary>The frames of a query's whole answer, copied.</summary>
    public static async Task<List<byte[]>> ReadAsync(this IMessageLog log, MessageQuery query, CancellationToken cancellationToken = default)
    {
        var frames = new List<byte[]>();
        await foreach (var page in log.QueryAsync(query, cancellationToken))
        {
            var split = Frames.Of(page);
            Assert.Equal(page.Count, split.Count);
            frames.AddRange(split);
        }

        return frames;
    }

    /// <summary>The bodies of a query's whole answer, as text.</summary>
    public static async Task<List<string>> BodiesAsync(this IMessageLog log, MessageQuery query) =>
        [.. (await log.ReadAsync(query)).Select(BodyOf)];

    /// <summary>The bodies of the messages selected.</summary>
    public static Task<List<string>> BodiesAsync(this IMessageLog log, MessageSelection selection) =>
        log.BodiesAsync(new MessageQuery { Selection = selection });

    /// <summary>The whole log.</summary>
    public static Task<List<byte[]>> ReadAllAsync(this IMessageLog log) => log.ReadAsync(new MessageQuery());

    /// <summary>The answer in pieces of the given sizes, each asked for with the position where the last one ended, as a client does with tokens.</summary>
    /// <param name="log">The log.</param>
    /// <param name="query">The query; its limit is not used.</param>
    /// <param name="sizes">How many messages each piece has at most; asked again and again.</param>
    public static async Task<List<byte[]>> ReadInPiecesAsync(this IMessageLog log, MessageQuery query, Func<int> sizes)
    {
        var frames = new List<byte[]>();
        string? token = null;
        while (true)
        {
            QueryPosition? after = null;
            if (token is not null)
            {
                Assert.True(QueryPosition.TryParseToken(token, query, out var position), "a query takes its own token");
                after = position;
            }

            var before = frames.Count;
            await foreach (var page in log.QueryAsync(query with { Limit = sizes(), After = after }))
            {
                frames.AddRange(Frames.Of(page));
                var next = page.Position.ToToken(query);
                Assert.False(page.Count > 0 && next == token, "each piece ends behind the one before");
                token = next;
            }

            if (frames.Count == before)
            {
                return frames;
            }
        }
    }

    /// <summary>A frame's body as text.</summary>
    public static string BodyOf(byte[] frame) => Encoding.UTF8.GetString(Frames.First(frame).Body);

    /// <summary>A frame's id.</summary>
    public static MessageId IdOf(byte[] frame) => Frames.First(frame).Id;

    /// <summary>A frame's position.</summary>
    public static Lsn LsnOf(byte[] frame) => Frames.First(frame).Lsn;
}
