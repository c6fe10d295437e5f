using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Tools.Stressing;

/// <summary>The requests of a load, built once: making them must not be what is measured.</summary>
internal sealed class StressLoad
{
    private const int VariantsMax = 64;
    private const int BodySeed = 1;
    private readonly AppendRequest[] _appends;
    private readonly MessageQuery[] _queries;
    private readonly int _queryPercent;

    public StressLoad(StressPlan plan)
    {
        var body = new byte[plan.BodyBytes];
        new Random(BodySeed).NextBytes(body);
        var variants = Math.Clamp(plan.Channels, 1, VariantsMax);
        _appends = [.. Enumerable.Range(0, variants).Select(variant => Build(plan, variant, variants, body))];
        _queries = [.. Enumerable.Range(0, variants).Select(variant => new MessageQuery
        {
            Selection = new ChannelSelection(Channel(variant % plan.Channels)),
            Order = QueryOrder.Descending,
            Limit = plan.QueryLimit,
        })];
        _queryPercent = plan.QueryPercent;
    }

    /// <summary>Whether the request with this number is a query: spread evenly.</summary>
    public bool IsQuery(long number) => number % 100 * _queryPercent / 100 != (number % 100 + 1) * _queryPercent / 100;

    public AppendRequest Append(long number) => _appends[number % _appends.Length];

    public MessageQuery Query(long number) => _queries[number % _queries.Length];

    // The variants share the channels out; with more channels than fit into one request the rest comes in further variants, as far as there are any.
    private static AppendRequest Build(StressPlan plan, int variant, int variants, byte[] body)
    {
        var builder = new FrameBuilder();
        var frameBytes = builder.FrameBytes(body.Length);
        var frames = new byte[plan.Batch * frameBytes];
        for (var i = 0; i < plan.Batch; i++)
        {
            builder.Channel = Channel((variant + ((long)i * variants)) % plan.Channels);
            var frame = frames.AsSpan(i * frameBytes, frameBytes);
            body.CopyTo(builder.WriteHead(frame, body.Length));
            FrameBuilder.Seal(frame);
        }

        return new AppendRequest { Frames = frames, Count = plan.Batch };
    }

    // High numbers, so that a node that is in use keeps its own channels apart.
    private static ChannelId Channel(long number) => new((UInt128.One << 64) + (UInt128)(ulong)number);
}
