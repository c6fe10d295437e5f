using Dymes.Benchmarks.Load;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Dymes.Benchmarks.Peers.Nats;

/// <summary>Reads by an ordered consumer, which the server makes for the occasion.</summary>
internal sealed class NatsReader(Func<NatsConnections> connections) : IReader
{
    private const int MessagesAhead = 5000;

    public string Name => "NATS.Net, ordered consumer";

    public string? Lack(Question question) => question is Question.Tree ? "no index by cause" : null;

    public async Task<ReadResult> ReadAsync(Question question)
    {
        var clock = new ReadingClock();
        var consumer = await connections().Any.CreateOrderedConsumerAsync(NatsConnections.Stream, question switch
        {
            Question.Channel channel => new NatsJSOrderedConsumerOpts { FilterSubjects = [NatsConnections.SubjectOf(channel.Number)] },
            Question.Between between => new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime, OptStartTime = between.From },
            _ => new NatsJSOrderedConsumerOpts(),
        });
        await foreach (var message in consumer.ConsumeAsync<byte[]>(opts: new NatsJSConsumeOpts { MaxMsgs = MessagesAhead }))
        {
            if (question is Question.Between bounds && message.Metadata!.Value.Timestamp > bounds.To)
            {
                break;
            }

            clock.Count();
            if (message.Metadata!.Value.NumPending == 0)
            {
                break;
            }
        }

        return clock.Stop();
    }
}
