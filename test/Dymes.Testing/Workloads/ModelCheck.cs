using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing.Model;

namespace Dymes.Testing.Workloads;

/// <summary>
/// Does the same to a log under test and to the model, and compares every receipt and every frame. The log under test goes first; the model is then told the ids that it assigned, the
/// one thing of a log that is random, so that all the rest must be equal to the byte.
/// </summary>
public sealed class ModelCheck
{
    private readonly SteppingClock _clock;
    private readonly InMemoryMessageLog _model;
    private readonly WorkloadProgress _progress = new();
    private readonly Func<IMessageLog, ValueTask<IMessageLog>> _reopen;
    private IMessageLog _subject;
    private MessageId _lastAssigned;

    private ModelCheck(SteppingClock clock, IMessageLog subject, Func<IMessageLog, ValueTask<IMessageLog>> reopen)
    {
        _clock = clock;
        _model = new InMemoryMessageLog(clock);
        _subject = subject;
        _reopen = reopen;
    }

    /// <summary>Runs a workload, and fails where the two logs differ.</summary>
    /// <param name="workload">What is done.</param>
    /// <param name="open">Opens the log under test, which is empty. It is disposed of at the end, where it can be.</param>
    /// <param name="reopen">Closes the log and opens it again with all that it holds; null: such steps are passed over.</param>
    public static async Task RunAsync(
        Workload workload, Func<TimeProvider, ValueTask<IMessageLog>> open, Func<IMessageLog, ValueTask<IMessageLog>>? reopen = null)
    {
        var clock = new SteppingClock();
        var check = new ModelCheck(clock, await open(clock), reopen ?? ValueTask.FromResult);
        try
        {
            foreach (var (number, step) in workload.Steps.Index())
            {
                await check.RunAsync(step, number);
            }

            await check.CompareWholeAsync();
        }
        finally
        {
            await CloseAsync(check._subject);
        }
    }

    private async Task RunAsync(WorkloadStep step, int number)
    {
        switch (step)
        {
            case AppendStep append:
                await AppendAsync(_progress.Build(append), $"step {number}");
                break;
            case RepeatStep repeat when _progress.Earlier(repeat) is { } request:
                await AppendAsync(request, $"step {number}, a repeated request");
                break;
            case ClockStep clock:
                _clock.Step(TimeSpan.FromMilliseconds(clock.Milliseconds));
                break;
            case ReopenStep:
                _subject = await _reopen(_subject);
                break;
            case AskStep ask:
                await AskAsync(ask.Query, $"step {number}");
                break;
        }
    }

    private async Task AppendAsync(AppendRequest request, string where)
    {
        var actual = (await _subject.AppendAsync(request)).Receipts;
        var assigned = Assigned(request, actual);
        Assert.All(assigned, id =>
        {
            Assert.True(id > _lastAssigned, $"{where}: the assigned id {id} is not above {_lastAssigned}");
            _lastAssigned = id;
        });
        _model.Foretell(assigned);
        var expected = (await _model.AppendAsync(request)).Receipts;
        Assert.True(expected.SequenceEqual(actual), $"{where}: the receipts should be\n{Lines(expected)}\nand are\n{Lines(actual)}");
        _progress.Note(request, actual);
    }

    private async Task AskAsync(PlannedQuery plan, string where)
    {
        var query = _progress.Build(plan);
        var expected = await _model.ReadAsync(query);
        AssertSame(expected, await _subject.ReadAsync(query), $"{where}, a query");

        var sizes = new Random(plan.Picks[0]);
        var pieces = await _subject.ReadInPiecesAsync(query, () => sizes.Next(1, plan.PieceMax + 1));
        AssertSame(await _model.ReadAsync(query with { Limit = null }), pieces, $"{where}, a query in pieces");

        if (query.Order == QueryOrder.Ascending && query.Selection is not (IdsSelection or AncestorsSelection))
        {
            AssertSame(await HistoryAsync(_model, query), await HistoryAsync(_subject, query), $"{where}, a subscription's history");
        }
    }

    private async Task CompareWholeAsync()
    {
        AssertSame(await _model.ReadAllAsync(), await _subject.ReadAllAsync(), "the whole log");
        foreach (var frame in await _subject.ReadAllAsync())
        {
            Assert.Equal(FrameFault.None, MessageFrame.TryRead(frame, out _));
        }

        Assert.Equal(await _model.ListChannelsAsync(null, 10_000), await _subject.ListChannelsAsync(null, 10_000));
        var (expected, actual) = (await _model.GetStatusAsync(), await _subject.GetStatusAsync());
        Assert.Equal((expected.NextLsn, expected.LastId, expected.Condition), (actual.NextLsn, actual.LastId, actual.Condition));
    }

    private static List<MessageId> Assigned(AppendRequest request, IReadOnlyList<AppendReceipt> receipts) =>
    [
        .. Frames.Split(request.Frames.Span).Zip(receipts)
            .Where(pair => pair.Second.Outcome == AppendOutcome.Appended && Frames.First(pair.First).Id.IsNone)
            .Select(pair => pair.Second.Id),
    ];

    private static async Task<List<byte[]>> HistoryAsync(IMessageLog log, MessageQuery query)
    {
        var frames = new List<byte[]>();
        await foreach (var page in log.SubscribeAsync(query))
        {
            if (page.Count == 0)
            {
                break;
            }

            frames.AddRange(Frames.Of(page));
        }

        return frames;
    }

    private static void AssertSame(List<byte[]> expected, List<byte[]> actual, string where)
    {
        var isSame = expected.Count == actual.Count && expected.Zip(actual).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
        Assert.True(isSame, $"{where}: the frames should be\n{Lines(expected.Select(Name))}\nand are\n{Lines(actual.Select(Name))}");
    }

    private static string Name(byte[] frame) => $"{LogReading.LsnOf(frame)} {LogReading.IdOf(frame)} {Dymes.Common.Checksum.Of(frame):x32}";

    private static string Lines<T>(IEnumerable<T> items) => string.Join('\n', items.Select(item => $"  {item}"));

    private static ValueTask CloseAsync(IMessageLog log)
    {
        switch (log)
        {
            case IAsyncDisposable subject:
                return subject.DisposeAsync();
            case IDisposable subject:
                subject.Dispose();
                break;
        }

        return ValueTask.CompletedTask;
    }
}
