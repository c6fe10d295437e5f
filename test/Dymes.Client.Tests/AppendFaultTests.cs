using System.Net;
using System.Net.Sockets;
using Dymes.Client.Calls;
using Dymes.Client.Tests.Nodes;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.Testing;

namespace Dymes.Client.Tests;

public sealed class AppendFaultTests : ClientBench
{
    private static readonly AppendRequest Plain = MessageDraft.Request(new MessageDraft("a"));

    [Fact]
    public async Task A_request_that_found_no_connection_is_sent_again()
    {
        Network.Expect(new NoConnection(), new NoConnection());

        var receipt = (await Connect().AppendAsync(Plain)).First;

        Assert.Equal(AppendOutcome.Appended, receipt.Outcome);
        Assert.Equal(["a"], await StoredAsync());
    }

    [Fact]
    public async Task A_request_whose_connection_did_not_come_about_in_time_is_sent_again()
    {
        var options = new DymesClientOptions { Addresses = [Address], ConnectTimeout = TimeSpan.FromMilliseconds(10) };
        var tries = 0;
        var handler = NodeHttp.CreateHandler(options);
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            if (Interlocked.Increment(ref tries) == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            // The later ones have as long as they need.
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(context.DnsEndPoint);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var client = new DymesClient(options, handler, Clock);

        await client.AppendAsync(Plain);

        Assert.Equal(["a"], await StoredAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_whose_answer_was_lost_is_not_sent_again_where_that_could_double_it(bool wasRun)
    {
        Network.Expect(wasRun ? new CutAfter() : new CutBefore());

        var trouble = await Assert.ThrowsAsync<DymesException>(async () => await Connect().AppendAsync(Plain));

        Assert.Equal(ErrorCode.OutcomeUnknown, trouble.Code);
        Assert.Single(Network.Requests);
        Assert.Equal(wasRun ? ["a"] : [], await StoredAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_ids_of_the_clients_making_it_is_sent_again_and_stored_once(bool wasRun)
    {
        Network.Expect(wasRun ? [new CutAfter(), new CutAfter()] : [new CutBefore(), new CutAfter()]);
        var client = Connect(options => options with { MakesIds = true });

        var receipts = (await client.AppendAsync(MessageDraft.Request(new MessageDraft("a"), new MessageDraft("b")))).Receipts;

        Assert.All(receipts, receipt => Assert.Equal(AppendOutcome.Appended, receipt.Outcome));
        Assert.Equal([0ul, 1ul], receipts.Select(receipt => receipt.Lsn.Value));
        Assert.Equal(["a", "b"], await StoredAsync());
        Assert.Equal(receipts.Select(receipt => receipt.Id), (await Log.ReadAllAsync()).Select(LogReading.IdOf));
    }

    [Fact]
    public async Task A_message_refused_after_a_retry_has_no_id_that_the_client_made()
    {
        Network.Expect(new CutAfter());
        var client = Connect(options => options with { MakesIds = true });

        var receipt = (await client.AppendAsync(MessageDraft.Request(new MessageDraft { Parent = OldId(1) }))).First;

        Assert.Equal(new AppendReceipt(AppendOutcome.ParentMissing, default, default, 0), receipt);
    }

    [Fact]
    public async Task A_request_with_ids_of_its_own_is_sent_again_and_stored_once()
    {
        Network.Expect(new CutAfter());

        var receipt = (await Connect().AppendAsync(MessageDraft.Request(new MessageDraft("a") { Id = OldId(1) }))).First;

        Assert.Equal((AppendOutcome.Replayed, OldId(1)), (receipt.Outcome, receipt.Id));
        Assert.Equal(["a"], await StoredAsync());
    }

    [Fact]
    public async Task A_request_with_a_key_is_sent_again_and_stored_once()
    {
        Network.Expect(new CutAfter(), new CutBefore());

        var result = await Connect().AppendAsync(MessageDraft.Once("the key & more", new MessageDraft("a"), new MessageDraft("b")));

        Assert.All(result.Receipts, receipt => Assert.Equal(AppendOutcome.Replayed, receipt.Outcome));
        Assert.Equal(["a", "b"], await StoredAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "not-ready")]
    [InlineData(HttpStatusCode.TooManyRequests, "overloaded")]
    public async Task A_request_that_was_not_run_is_sent_again_when_the_node_asked_for_it(HttpStatusCode status, string slug)
    {
        Network.Expect(new Answer(status, slug, RetryAfterSeconds: 3));

        await Connect().AppendAsync(Plain);

        Assert.Equal(["a"], await StoredAsync());
        Assert.Equal([TimeSpan.FromSeconds(3)], Clock.Waits);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "outcome-unknown")]
    [InlineData(HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(HttpStatusCode.BadGateway, null)]
    [InlineData(HttpStatusCode.GatewayTimeout, null)]
    public async Task A_request_that_may_have_been_run_is_sent_again_only_with_ids(HttpStatusCode status, string? slug)
    {
        Network.Expect(new Answer(status, slug));
        var trouble = await Assert.ThrowsAsync<DymesException>(async () => await Connect().AppendAsync(Plain));
        Assert.Equal(ErrorCode.OutcomeUnknown, trouble.Code);

        Network.Expect(new Answer(status, slug));
        await Connect().AppendAsync(MessageDraft.Request(new MessageDraft("b") { Id = OldId(2) }));
        Assert.Equal(["b"], await StoredAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "invalid-argument", ErrorCode.InvalidArgument)]
    [InlineData(HttpStatusCode.InsufficientStorage, "disk-full", ErrorCode.DiskFull)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "storage-failed", ErrorCode.StorageFailed)]
    [InlineData(HttpStatusCode.InternalServerError, "internal", ErrorCode.Internal)]
    public async Task A_refusal_is_told_as_the_node_told_it_and_not_asked_again(HttpStatusCode status, string slug, ErrorCode code)
    {
        Network.Expect(new Answer(status, slug));

        var refusal = await Assert.ThrowsAsync<DymesException>(async () => await Connect().AppendAsync(MessageDraft.Request(new MessageDraft { Id = OldId(1) })));

        Assert.Equal((code, "the detail", "/the/field"), (refusal.Code, refusal.Message, refusal.Field));
        Assert.Single(Network.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70)]
    [InlineData(100)]
    public async Task Half_an_answer_is_none(int bytes)
    {
        Network.Expect(new CutAnswer(bytes));
        var trouble = await Assert.ThrowsAsync<DymesException>(async () => await Connect().AppendAsync(MessageDraft.Request(new MessageDraft("a"), new MessageDraft("b"))));
        Assert.Equal(ErrorCode.OutcomeUnknown, trouble.Code);

        Network.Expect(new CutAnswer(bytes));
        var again = await Connect().AppendAsync(MessageDraft.Request(new MessageDraft("c") { Id = OldId(1) }, new MessageDraft("d") { Id = OldId(2) }));
        Assert.All(again.Receipts, receipt => Assert.True(receipt.IsStored));
        Assert.Equal(["a", "b", "c", "d"], await StoredAsync());
    }

    [Fact]
    public async Task A_node_that_says_nothing_is_given_up_and_asked_again()
    {
        var silence = new Silence(new TaskCompletionSource());
        Network.Expect(silence);

        var append = Connect().AppendAsync(MessageDraft.Request(new MessageDraft("a") { Id = OldId(1) })).AsTask();
        await silence.Reached.Task;
        Clock.RunOut();

        Assert.Equal(AppendOutcome.Replayed, (await append).First.Outcome);
        Assert.Equal(["a"], await StoredAsync());
    }

    [Fact]
    public async Task Patience_ends_and_the_waits_before_grow_with_a_random_part()
    {
        Network.Expect(Enumerable.Repeat(new NoConnection(), 1000));

        var trouble = await Assert.ThrowsAsync<DymesException>(async () => await Connect().AppendAsync(Plain));

        Assert.Equal(ErrorCode.ConnectionFailed, trouble.Code);
        var waits = Clock.Waits.ToArray();
        Assert.InRange(waits.Sum(wait => wait.TotalSeconds), 27, 30);
        Assert.InRange(waits[0].TotalMilliseconds, 25, 50);
        Assert.InRange(waits[3].TotalMilliseconds, 200, 400);
        Assert.All(waits, wait => Assert.InRange(wait.TotalMilliseconds, 25, 2000));
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Without_patience_nothing_is_sent_twice()
    {
        Network.Expect(new NoConnection());

        await Assert.ThrowsAsync<DymesException>(async () => await Connect(options => options with { RetryDuration = TimeSpan.Zero }).AppendAsync(Plain));

        Assert.Single(Network.Requests);
    }

    [Fact]
    public async Task Where_one_node_is_gone_the_next_is_asked_at_once_and_kept()
    {
        var gone = new Uri("http://127.0.0.1:9");
        Network.Expect(new NoConnection());
        var client = Connect(options => options with { Addresses = [gone, Address] });

        await client.AppendAsync(Plain);
        await client.AppendAsync(Plain);

        Assert.Empty(Clock.Waits);
        Assert.Equal([gone.Port, Address.Port, Address.Port], Network.Requests.Select(request => request.Port));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        var silence = new Silence(new TaskCompletionSource());
        Network.Expect(silence);
        using var stop = new CancellationTokenSource();

        var append = Connect().AppendAsync(Plain, stop.Token).AsTask();
        await silence.Reached.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
    }

    [Fact]
    public async Task Under_faults_of_every_kind_nothing_is_doubled_and_nothing_acknowledged_is_lost()
    {
        var random = new Random(20261122);
        var client = Connect(options => options with { MakesIds = true, RetryDuration = TimeSpan.FromHours(1) });
        var acknowledged = new List<string>();
        for (var number = 0; number < 300; number++)
        {
            Network.Expect(Enumerable.Range(0, random.Next(4)).Select(_ => AnyFault(random)));
            var drafts = Enumerable.Range(0, random.Next(1, 4)).Select(part => new MessageDraft($"{number}.{part}")).ToArray();
            var result = await client.AppendAsync(MessageDraft.Request(drafts));
            Assert.All(result.Receipts, receipt => Assert.Equal(AppendOutcome.Appended, receipt.Outcome));
            acknowledged.AddRange(drafts.Select(draft => draft.Body));
        }

        Assert.Equal(acknowledged, await StoredAsync());
    }

    private static Fault AnyFault(Random random) => random.Next(7) switch
    {
        0 => new NoConnection(),
        1 => new CutBefore(),
        2 => new CutAfter(),
        3 => new CutAnswer(random.Next(200)),
        4 => new Answer(HttpStatusCode.ServiceUnavailable, "not-ready", RetryAfterSeconds: 1),
        5 => new Answer(HttpStatusCode.TooManyRequests, "overloaded"),
        _ => new Answer(HttpStatusCode.BadGateway),
    };
}
