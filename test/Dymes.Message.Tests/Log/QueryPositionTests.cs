using CsCheck;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Message.Tests.Log;

public sealed class QueryPositionTests
{
    private static readonly MessageId Id = new(0xABCDEF);

    // Each differs from the others in one respect.
    private static readonly MessageQuery[] Queries =
    [
        new MessageQuery(),
        new MessageQuery { Selection = new TimeSelection() },
        new MessageQuery { Selection = new ChannelSelection(default) },
        new MessageQuery { Selection = new ChannelSelection(new ChannelId(1)) },
        new MessageQuery { Selection = new IdsSelection([Id]) },
        new MessageQuery { Selection = new IdsSelection([Id, Id]) },
        new MessageQuery { Selection = new AncestorsSelection(Id) },
        new MessageQuery { Selection = new DescendantsSelection(Id) },
        new MessageQuery { Order = QueryOrder.Descending },
        new MessageQuery { Bounds = MessageBounds.Everything with { FromLsn = new Lsn(1) } },
        new MessageQuery { Bounds = MessageBounds.Everything with { ToLsn = new Lsn(1) } },
        new MessageQuery { Bounds = MessageBounds.Everything with { FromId = Id } },
        new MessageQuery { Bounds = MessageBounds.Everything with { ToId = Id } },
        new MessageQuery { Filters = [new ChannelFilter(new ChannelId(1))] },
        new MessageQuery { Filters = [new WideningFilter(1)] },
        new MessageQuery { Filters = [new NarrowingFilter(1, 1)] },
        new MessageQuery { Filters = [new NarrowingFilter(1, 0)] },
        new MessageQuery { Filters = [new KvFilter(KvRelation.Has, "ab")] },
        new MessageQuery { Filters = [new KvFilter(KvRelation.Equal, "ab", "c")] },
        new MessageQuery { Filters = [new KvFilter(KvRelation.NotEqual, "ab", "c")] },
        new MessageQuery { Filters = [new KvFilter(KvRelation.Equal, "a", "bc")] },
        new MessageQuery { Filters = [new KvFilter(KvRelation.Has, "a"), new KvFilter(KvRelation.Has, "b")] },
    ];

    [Fact]
    public void A_token_gives_its_position_back_to_its_query() => Gen.Select(Gen.ULong, Gen.UInt128, Gen.Int[0, Queries.Length - 1]).Sample((ordinal, id, query) =>
    {
        var position = new QueryPosition(ordinal, new MessageId(id));
        return QueryPosition.TryParseToken(position.ToToken(Queries[query]), Queries[query], out var read) && read == position;
    });

    [Fact]
    public void A_token_is_refused_by_every_other_query()
    {
        foreach (var query in Queries)
        {
            var token = new QueryPosition(17, Id).ToToken(query);
            Assert.Equal([query], Queries.Where(other => QueryPosition.TryParseToken(token, other, out _)));
        }
    }

    [Fact]
    public void A_token_is_taken_whatever_the_limit_and_the_place()
    {
        var token = new QueryPosition(17, Id).ToToken(new MessageQuery { Limit = 10 });
        Assert.True(QueryPosition.TryParseToken(token, new MessageQuery { Limit = 20, After = new QueryPosition(1, Id) }, out _));
    }

    [Fact]
    public void A_token_of_a_query_built_anew_is_taken()
    {
        var token = new QueryPosition(17, Id).ToToken(new MessageQuery { Selection = new IdsSelection([Id]), Filters = [new KvFilter(KvRelation.Equal, "k", "v")] });
        var again = new MessageQuery { Selection = new IdsSelection([Id]), Filters = [new KvFilter(KvRelation.Equal, "k", "v")] };
        Assert.True(QueryPosition.TryParseToken(token, again, out _));
    }

    [Fact]
    public void A_damaged_token_is_refused()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n~é";
        var token = new QueryPosition(17, Id).ToToken(Queries[0]);
        for (var place = 0; place < token.Length; place++)
        {
            foreach (var symbol in Alphabet.Where(symbol => symbol != token[place]))
            {
                var damaged = token[..place] + symbol + token[(place + 1)..];
                Assert.False(QueryPosition.TryParseToken(damaged, Queries[0], out var position), damaged);
                Assert.Equal(default, position);
            }
        }
    }

    [Fact]
    public void Other_texts_are_refused() => Gen.String.Sample(text => !QueryPosition.TryParseToken(text, Queries[0], out _));

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_token_of_another_length_is_refused(int change)
    {
        var token = new QueryPosition(17, Id).ToToken(Queries[0]);
        Assert.False(QueryPosition.TryParseToken(change > 0 ? token + "A" : token[..^1], Queries[0], out _));
        Assert.False(QueryPosition.TryParseToken("", Queries[0], out _));
    }

    [Fact]
    public void The_form_of_a_token_never_changes() =>
        Assert.Equal("AREAAAAAAAAAAAAAAAAAAAAAAAAAAKvN74HkpPc", new QueryPosition(17, Id).ToToken(Queries[0]));

    [Fact]
    public void Only_the_default_is_the_start()
    {
        Assert.True(default(QueryPosition).IsStart);
        Assert.False(new QueryPosition(0, Id).IsStart);
        Assert.False(new QueryPosition(1, default).IsStart);
    }
}
