using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests;

/// <summary>
/// A mark in a stored frame is the idempotency key, wherever the frame came from: the engine answers as the model does, at once, and again after a restart.
/// </summary>
public sealed class IdempotencyMarkTests
{
    private static readonly MessageId Given = new((UInt128)7 << 90);
    private static readonly MessageDraft A = new("a") { Channel = new ChannelId(1) };
    private static readonly MessageDraft B = new("b") { Channel = new ChannelId(1) };

    [Fact]
    public Task An_imported_message_with_a_mark_answers_for_its_key() => CheckAsync(
        [Unkeyed(Marked(A, 1))],
        [(MessageDraft.Once("key", A), AppendOutcome.Replayed), (MessageDraft.Once("key", B), AppendOutcome.IdempotencyMismatch)]);

    [Fact]
    public Task An_imported_batch_with_a_mark_answers_for_its_key() => CheckAsync(
        [Unkeyed(Marked(A, 2), B.ToFrame())],
        [(MessageDraft.Once("key", A, B), AppendOutcome.Replayed), (MessageDraft.Once("key", A), AppendOutcome.IdempotencyMismatch)]);

    [Fact]
    public Task A_mark_whose_other_messages_were_not_imported_refuses_its_request() => CheckAsync(
        [Unkeyed(Marked(A, 2))],
        [(MessageDraft.Once("key", A, B), AppendOutcome.IdempotencyMismatch)]);

    [Fact]
    public Task A_mark_with_other_messages_behind_it_refuses_its_request() => CheckAsync(
        [Unkeyed(Marked(A, 2)), MessageDraft.Request(A)],
        [(MessageDraft.Once("key", A, B), AppendOutcome.IdempotencyMismatch)]);

    [Fact]
    public Task A_mark_that_promises_more_than_any_request_holds_no_request_up() => CheckAsync(
        [Unkeyed(Marked(A, int.MaxValue))],
        [(MessageDraft.Once("key", A), AppendOutcome.IdempotencyMismatch), (MessageDraft.Once("other", A), AppendOutcome.Appended)]);

    [Fact]
    public Task A_request_of_which_a_part_was_in_the_log_is_answered_with_that_part_again() => CheckAsync(
        [MessageDraft.Request(B with { Id = Given }), MessageDraft.Request(A), MessageDraft.Once("key", A, B with { Id = Given }, A)],
        [(MessageDraft.Once("key", A, B with { Id = Given }, A), AppendOutcome.Replayed)]);

    [Fact]
    public Task A_message_twice_in_a_request_with_a_key_is_answered_twice() => CheckAsync(
        [MessageDraft.Once("key", A, B with { Id = Given }, B with { Id = Given }, A)],
        [(MessageDraft.Once("key", A, B with { Id = Given }, B with { Id = Given }, A), AppendOutcome.Replayed)]);

    [Fact]
    public Task The_first_mark_of_a_key_counts() => CheckAsync(
        [MessageDraft.Once("key", A), Unkeyed(Marked(A, 1)), Unkeyed(Marked(B, 1))],
        [(MessageDraft.Once("key", A), AppendOutcome.Replayed), (MessageDraft.Once("key", B), AppendOutcome.IdempotencyMismatch)]);

    [Fact]
    public Task A_mark_that_was_taken_back_with_its_request_is_not_remembered() => CheckAsync(
        [MessageDraft.Once("key", A, B with { Parent = Given })],
        [(MessageDraft.Once("key", A), AppendOutcome.Appended)]);

    private static async Task CheckAsync(AppendRequest[] before, (AppendRequest Request, AppendOutcome Outcome)[] after)
    {
        foreach (var restarts in new[] { false, true })
        {
            var (files, clock) = (new SimulatedFileSystem(), new SteppingClock());
            var model = new InMemoryMessageLog(clock);
            var engine = EngineFixture.Open(files, clock);
            foreach (var request in before)
            {
                AssertAlike(await model.AppendAsync(request), await engine.AppendAsync(request));
            }

            if (restarts)
            {
                await engine.DisposeAsync();
                engine = EngineFixture.Open(files, clock);
            }

            foreach (var (request, outcome) in after)
            {
                var answer = await engine.AppendAsync(request);
                Assert.All(answer.Receipts, receipt => Assert.Equal(outcome, receipt.Outcome));
                AssertAlike(await model.AppendAsync(request), answer);
            }

            await engine.DisposeAsync();
        }
    }

    // Ids that were assigned differ; all else is alike.
    private static void AssertAlike(AppendResult expected, AppendResult actual) => Assert.Equal(
        expected.Receipts.Select(receipt => receipt with { Id = default }), actual.Receipts.Select(receipt => receipt with { Id = default }));

    private static byte[] Marked(MessageDraft draft, int count) => draft.ToFrame(builder => IdempotencyMark.Put(builder, count, "key"));

    private static AppendRequest Unkeyed(params byte[][] frames) => new() { Frames = Frames.Join(frames), Count = frames.Length, AllowsMissingParents = true };
}
