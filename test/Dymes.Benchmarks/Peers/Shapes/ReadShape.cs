using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Plots;

namespace Dymes.Benchmarks.Peers.Shapes;

/// <summary>Reading back what was stored, by one reader.</summary>
internal sealed class ReadShape : IShape
{
    private const long MessagesDefault = 200_000;
    private const int TreeMessages = 1000;
    private const int Columns = 4;
    private const double StartSeconds = 3;
    private const double OtherQuestionsSeconds = 1;
    private const int ChannelsRead = 10;
    private const int ChannelStep = 97;
    private const long MessagesStep = 20_000; // every part of a fill has whole batches
    private static readonly (int Before, int Within) Percent = (45, 10); // a tenth lies between the two times

    private static readonly Question.Channel FirstChannel = new(7);

    public string Name => "Reading";

    public TimeSpan Expected(IReadOnlyList<PeerSystem> systems, BenchOptions options)
    {
        var messages = MessagesOf(options);
        return TimeSpan.FromSeconds(systems.Where(IsAsked).Sum(system =>
            (system.Nodes * StartSeconds) + (messages / system.Pace.FillPerSecond) + ((1 + options.Rounds) * system.Pace.ReadWays * (OtherQuestionsSeconds + (messages / system.Pace.ReadPerSecond)))));
    }

    public async Task RunAsync(PeersRun run)
    {
        await run.ClearAsync();
        var messages = MessagesOf(run.Options);
        var readers = new List<RunningPeer>();
        try
        {
            await run.StartAsync(readers, run.Systems.Where(IsAsked));
            run.Progress.Expect(readers.Sum(running => 1 + (running.Peer.Readers.Count * Columns * run.Options.Rounds)));
            var questions = new Dictionary<RunningPeer, Questions>();
            foreach (var running in readers)
            {
                run.Progress.Step($"{running.System.Name} gets {messages:n0} messages");
                var (filled, failure) = await run.TryAsync(() => FillAsync(running.Peer, messages, run.Stop), PeersRun.FillDeadline);
                if (filled is not null)
                {
                    questions[running] = filled;
                }
                else
                {
                    run.Report.Add($"**Missing in *{Name}*: {running.System.Name}.** When it was filled, it {failure}");
                }
            }

            await MeasureAsync(run, messages, questions);
        }
        finally
        {
            foreach (var running in readers)
            {
                await PeersRun.EndAsync(running);
            }
        }
    }

    private static bool IsAsked(PeerSystem system) => system.Scope == PeerScope.Everything;

    private static long MessagesOf(BenchOptions options) => (options.Messages ?? MessagesDefault) / MessagesStep * MessagesStep;

    private static async Task<Questions> FillAsync(IPeer peer, long messages, CancellationToken stop)
    {
        var fill = peer.Batches[0];
        await fill.FillAsync(messages * Percent.Before / 100, 1024, stop);
        var from = await NextMillisecondAsync(stop);
        await fill.FillAsync(messages * Percent.Within / 100, 1024, stop);
        var to = TimeProvider.System.GetUtcNow();
        await NextMillisecondAsync(stop);
        await fill.FillAsync(messages * (100 - Percent.Before - Percent.Within) / 100, 1024, stop);
        var questions = new Questions(new Question.Between(from, to), await peer.AppendTreeAsync(TreeMessages) is { } root ? new Question.Tree(root) : null);
        foreach (var reader in peer.Readers)
        {
            foreach (var question in new Question[] { new Question.All(), FirstChannel, questions.Time, questions.TreeOrNone }.Where(question => reader.Lack(question) is null))
            {
                await reader.ReadAsync(question); // once before it counts: libraries and servers compile and plan what they see first
            }
        }

        return questions;
    }

    // Some systems tell times by the millisecond.
    private static async Task<DateTimeOffset> NextMillisecondAsync(CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop);
        return TimeProvider.System.GetUtcNow();
    }

    private static async Task MeasureAsync(PeersRun run, long messages, Dictionary<RunningPeer, Questions> questions)
    {
        var rate = run.Report.Add(new ComparisonTable(
            "Reading", "messages/s", $"One reader, {messages:n0} messages of 1 KiB in {SystemMessages.Channels:n0} channels. A channel's figure is that of {ChannelsRead} of them, one after the other.")
        { Plot = new Bars() });
        var first = run.Report.Add(new ComparisonTable("Reading: the first message of a channel", "ms") { IsLessBetter = true });
        var tree = run.Report.Add(new ComparisonTable($"Reading: all {TreeMessages:n0} messages that follow from one", "ms") { IsLessBetter = true });
        var contest = new Contest(run);
        await contest.RunAsync("everything", Contestants(_ => new Question.All(), 1, messages), (rate, reading => reading.PerSecond));
        await contest.RunAsync("one channel of 1,000", Contestants(_ => FirstChannel, ChannelsRead, messages / SystemMessages.Channels * ChannelsRead), (rate, reading => reading.PerSecond), (first, reading => reading.FirstSeconds * 1000));
        await contest.RunAsync("a tenth, by time", Contestants(asked => asked.Time, 1, messages * Percent.Within / 100), (rate, reading => reading.PerSecond));
        await contest.RunAsync("a tree", Contestants(asked => asked.TreeOrNone, 1, TreeMessages), (tree, reading => reading.Seconds * 1000));

        List<Contestant<ReadResult>> Contestants(Func<Questions, Question> choose, int times, long expected) =>
        [
            .. questions.SelectMany(entry => entry.Key.Peer.Readers.Select(reader => new Contestant<ReadResult>(
                entry.Key.Reader(reader.Name, entry.Key.Peer.Readers.Count, reader.IsCheap),
                reader.Lack(choose(entry.Value)),
                () => ReadAsync(reader, choose(entry.Value), times, expected)))),
        ];
    }

    private static async Task<ReadResult> ReadAsync(IReader reader, Question question, int times, long expected)
    {
        var readings = new List<ReadResult>();
        for (var i = 0; i < times; i++)
        {
            readings.Add(await reader.ReadAsync(question is Question.Channel channel ? new Question.Channel(channel.Number + (i * ChannelStep)) : question));
        }

        var messages = readings.Sum(reading => reading.Messages);
        return messages >= expected && messages <= expected + TreeMessages // who asks for everything gets the tree too
            ? new ReadResult(messages, readings.Sum(reading => reading.Seconds), readings.Average(reading => reading.FirstSeconds))
            : throw new InvalidOperationException($"{messages:n0} messages came, not {expected:n0}.");
    }

    /// <summary>What to ask a system that was filled.</summary>
    private sealed record Questions(Question.Between Time, Question.Tree? Tree)
    {
        public Question.Tree TreeOrNone => Tree ?? new Question.Tree("");
    }
}
