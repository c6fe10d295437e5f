using Dymes.Benchmarks.Load;
using Dymes.Client;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Benchmarks.Peers.SiloPeers;

/// <summary>Reads by Dymes' own client library, which checks every frame.</summary>
internal sealed class LibraryReader(DymesClient client) : IReader
{
    public string Name => "DymesClient";

    public string? Lack(Question question) => null;

    public async Task<ReadResult> ReadAsync(Question question)
    {
        var clock = new ReadingClock();
        await foreach (var page in client.QueryAsync(QueryOf(question)))
        {
            clock.Count(page.Count);
        }

        return clock.Stop();
    }

    private static MessageQuery QueryOf(Question question) => question switch
    {
        Question.Channel channel => new MessageQuery { Selection = new ChannelSelection(new ChannelId((UInt128)channel.Number)) },
        Question.Between between => new MessageQuery
        {
            Selection = new TimeSelection(),
            Bounds = MessageBounds.Everything with
            {
                FromId = MessageId.FirstAt(between.From.ToUnixTimeMilliseconds()),
                ToId = MessageId.LastAt(between.To.ToUnixTimeMilliseconds()),
            },
        },
        Question.Tree tree => new MessageQuery { Selection = new DescendantsSelection(MessageId.TryParse(tree.Root, out var root) ? root : throw new FormatException(tree.Root)) },
        _ => new MessageQuery(),
    };
}
