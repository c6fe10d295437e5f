using Dymes.Benchmarks.Load;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Dymes.Benchmarks.Peers.Nats;

/// <summary>Reads by consumers without acknowledgements, which the server makes for the occasion.</summary>
internal sealed class NatsReader(Func<NatsConnections> connections) : IReader
{
    private const int MessagesAhead = 5000;
    private static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(2);

    // As an ordered consumer is made.
    private static readonly ConsumerConfig Unacknowledged = new()
    {
        AckPolicy = ConsumerConfigAckPolicy.None,
        DeliverPolicy = ConsumerConfigDeliverPolicy.All,
        MaxDeliver = 1,
        MemStorage = true,
        NumReplicas = 1,
        InactiveThreshold = TimeSpan.FromMinutes(5),
    };

    public string Name => "NATS.Net";

    public string? Lack(Question question) => question is Question.Tree ? "no index by cause" : null;

    public async Task<ReadResult> ReadAsync(Question question)
    {
        var clock = new ReadingClock();
        await foreach (var message in await AskAsync(question))
        {
            if (question is Question.Between bounds && message.Metadata!.Value.Timestamp > bounds.To)
            {
                break;
            }

            clock.Count();
            if (message.Metadata!.Value.NumPending == 0)
            {
                return clock.Stop(); // before the library ends its subscription, which takes its time
            }
        }

        return clock.Stop();
    }

    // An ordered consumer names its subject in a list, which servers before 2.10 do not read, and give everything.
    private async Task<IAsyncEnumerable<INatsJSMsg<byte[]>>> AskAsync(Question question)
    {
        var stream = connections().Any;
        if (question is Question.Channel channel)
        {
            // With a name of its own: one without goes on where that of the question before ended.
            var settings = Unacknowledged with { Name = $"{Guid.NewGuid():n}", FilterSubject = NatsConnections.SubjectOf(channel.Number) };
            var subject = await stream.CreateOrUpdateConsumerAsync(NatsConnections.Stream, settings);
            return subject.FetchAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = MessagesAhead, Expires = FetchTime });
        }

        var from = question is Question.Between between
            ? new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime, OptStartTime = between.From }
            : new NatsJSOrderedConsumerOpts();
        var ordered = await stream.CreateOrderedConsumerAsync(NatsConnections.Stream, from);
        return ordered.ConsumeAsync<byte[]>(opts: new NatsJSConsumeOpts { MaxMsgs = MessagesAhead });
    }
}
