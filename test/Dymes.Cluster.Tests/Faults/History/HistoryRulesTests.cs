using Dymes.Common;
using Dymes.Message;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>The rules that faults are judged by can fail: each history here cannot be, and is told from one that can.</summary>
public sealed class HistoryRulesTests
{
    [Fact]
    public void An_acknowledged_append_that_was_dropped_is_told() =>
        Assert.Equal(["a was acknowledged at 0, and is not in the log"], Broken([Acknowledged("a", 0, 1, 2)]));

    [Fact]
    public void An_acknowledged_append_that_is_elsewhere_is_told() =>
        Assert.Contains("a was acknowledged at 0, and is at 1", Broken([Acknowledged("a", 0, 1, 2), Unknown("b", 1)], "b", "a"));

    [Fact]
    public void An_acknowledged_append_with_another_id_is_told() =>
        Assert.StartsWith("a was acknowledged as ", Assert.Single(Broken([Acknowledged("a", 0, 1, 2) with { Id = new MessageId(99) }], "a")), StringComparison.Ordinal);

    [Fact]
    public void An_append_that_is_doubled_is_told() =>
        Assert.Equal(["a is in the log twice, at 0 and 1"], Broken([Unknown("a", 1)], "a", "a"));

    [Fact]
    public void A_refused_append_that_was_run_is_told() =>
        Assert.Equal(["a was refused (not-ready), and is in the log at 0"], Broken([new("a", 1, 2, AttemptOutcome.Refused) { Trouble = "not-ready" }], "a"));

    [Fact]
    public void A_message_that_nobody_sent_is_told() =>
        Assert.Equal(["ghost is in the log at 0, and nobody sent it"], Broken([], "ghost"));

    [Fact]
    public void An_append_that_lies_before_one_that_was_acknowledged_when_it_was_sent_is_told() =>
        Assert.Equal(["a was acknowledged at 1 before b was sent, which is at 0"], Broken([Acknowledged("a", 1, 1, 2), Acknowledged("b", 0, 3, 4)], "b", "a"));

    [Fact]
    public void So_is_one_of_which_its_client_knows_nothing() =>
        Assert.Equal(["a was acknowledged at 1 before b was sent, which is at 0"], Broken([Acknowledged("a", 1, 1, 2), Unknown("b", 3)], "b", "a"));

    [Fact]
    public void Ids_that_do_not_grow_are_told() =>
        Assert.Equal(["the id at 1 is not greater than the one before"], new HistoryRules([Unknown("a", 1), Unknown("b", 1)], [new("a", new MessageId(2)), new("b", new MessageId(1))]).Broken());

    [Fact]
    public void A_follower_that_was_shown_what_was_taken_back_is_told() =>
        Assert.StartsWith("f was shown ", Assert.Single(Rules([], "a", "b").BrokenFor("f", [IdAt(0), new MessageId(77)])), StringComparison.Ordinal);

    [Fact]
    public void A_follower_that_stands_still_is_told() =>
        Assert.Equal(["f was shown 1 messages, and the log has 2"], Rules([], "a", "b").BrokenFor("f", [IdAt(0)]));

    [Fact]
    public void Nothing_is_told_of_a_history_that_can_be()
    {
        Attempt[] attempts = [Acknowledged("a", 1, 1, 5), Acknowledged("b", 0, 3, 4), Unknown("c", 1), Unknown("d", 6), new("e", 1, 2, AttemptOutcome.Refused)];
        Assert.Empty(Broken(attempts, "b", "a", "d"));
        Assert.Empty(Rules(attempts, "b", "a", "d").BrokenFor("f", [IdAt(0), IdAt(1), IdAt(2)]));
    }

    [Fact]
    public void A_read_that_misses_what_was_acknowledged_before_it_is_told()
    {
        var history = new ClusterHistory();
        var newest = Acknowledged("a", 3, 1, 2);
        history.Add(newest, new ReadAnswer("a linearizable read", (newest.Id, newest.Lsn)));
        Assert.Empty(history.Violations);

        history.Add(newest, new ReadAnswer("a stale read", null));
        history.Add(newest, new ReadAnswer("a wrong read", (newest.Id, new Lsn(4))));
        Assert.Collection(history.Violations, first => Assert.StartsWith("a stale read did not find", first, StringComparison.Ordinal), second => Assert.StartsWith("a wrong read found", second, StringComparison.Ordinal));
        Assert.Equal(3, history.Reads);
    }

    private static HistoryRules Rules(Attempt[] attempts, params string[] log) => new(attempts, [.. log.Select((token, lsn) => new LoggedMessage(token, IdAt(lsn)))]);

    private static IEnumerable<string> Broken(Attempt[] attempts, params string[] log) => Rules(attempts, log).Broken();

    private static Attempt Acknowledged(string token, int lsn, long sentAt, long endedAt) =>
        new(token, sentAt, endedAt, AttemptOutcome.Acknowledged) { Lsn = new Lsn((ulong)lsn), Id = IdAt(lsn) };

    private static Attempt Unknown(string token, long sentAt) => new(token, sentAt, sentAt + 1, AttemptOutcome.Unknown);

    private static MessageId IdAt(int lsn) => new((UInt128)(lsn + 10));
}
