using System.Diagnostics.Metrics;
using Dymes.MessageStore.Files;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>What a node on its own does about damage that nobody reads.</summary>
public sealed class ScrubTests
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private readonly CollectingLogger _logger = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_damaged_message_is_told_in_the_log_and_in_a_metric()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        await using var engine = Open(files);
        await UntilPassesAsync(1);
        Assert.Empty(_logger.Complaints);

        var path = StoredDataset.Messages(2);
        files.FlipBit(path, 8 * (files.ReadAll(path).Length - 100));
        await UntilPassesAsync(Passes + 2);

        var complaint = Assert.Single(_logger.Complaints.Distinct());
        Assert.StartsWith($"{path}: 1 entries are damaged", complaint, StringComparison.Ordinal);
        Assert.Contains("backup", complaint, StringComparison.Ordinal);
        Assert.Contains(Measured(), each => each is { What: "entry", Count: > 0 });
    }

    [Fact]
    public async Task A_damaged_index_file_is_made_again_wherever_a_bit_flips()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        await using var engine = Open(files);
        await UntilPassesAsync(1);
        var path = StoredDataset.Index(2);
        var whole = files.ReadAll(path);
        for (var bit = 3L; bit < whole.Length * 8L; bit += 1009)
        {
            files.FlipBit(path, bit);
            await UntilPassesAsync(Passes + 2);
            Assert.True(whole.AsSpan().SequenceEqual(files.ReadAll(path)), $"bit {bit}");
        }
    }

    [Fact]
    public async Task Wherever_a_bit_of_a_message_file_flips_it_is_mended_or_told()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        await using var engine = Open(files);
        await UntilPassesAsync(1);
        var path = StoredDataset.Messages(2);
        var whole = files.ReadAll(path);
        var mended = 0;
        for (var bit = 3L; bit < whole.Length * 8L; bit += 277)
        {
            var complaints = _logger.Complaints.Count();
            files.FlipBit(path, bit);
            await UntilPassesAsync(Passes + 2);
            Assert.True(_logger.Complaints.Count() > complaints, $"bit {bit}");
            if (whole.AsSpan().SequenceEqual(files.ReadAll(path)))
            {
                mended++;
            }
            else
            {
                files.FlipBit(path, bit);
            }
        }

        Assert.InRange(mended, whole.Length * 8 / 277 / 20, whole.Length * 8 / 277 / 2); // header and marks
    }

    [Fact]
    public async Task An_index_file_that_is_gone_is_made_again()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        var whole = files.ReadAll(StoredDataset.Index(1));
        await using var engine = Open(files);
        await UntilPassesAsync(1);

        files.Delete(StoredDataset.Index(1));
        await UntilPassesAsync(Passes + 2);

        Assert.Equal(whole, files.ReadAll(StoredDataset.Index(1)));
    }

    [Fact]
    public async Task A_sector_that_cannot_be_read_costs_the_messages_in_it_and_no_others()
    {
        var files = new SimulatedFileSystem();
        await using (var engine = EngineFixture.Open(files, new SteppingClock()))
        {
            for (var number = 0; number < 6; number++)
            {
                await engine.AppendAsync(MessageDraft.Request(new MessageDraft(new string('x', 10_000))));
            }
        }

        var path = StoredDataset.Messages(1);
        await using var scrubbed = Open(new BadSector(files, path, offset: 4 * BlockBuffer.BlockBytes)); // amid the second message

        await UntilPassesAsync(1);

        Assert.StartsWith($"{path}: 1 entries are damaged, the first of them op 2 ", Assert.Single(_logger.Complaints.Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_is_read_in_a_second_than_may_be()
    {
        var dataset = await StoredDataset.ClosedAsync();
        var files = dataset.Copy();
        var bytes = files.Paths.Where(path => path.EndsWith(".idx", StringComparison.Ordinal) || path.EndsWith(".msg", StringComparison.Ordinal)).Sum(path => files.ReadAll(path).Length);
        var began = _clock.GetUtcNow();
        await using var engine = Open(files, bytesPerSecond: 1000);

        await UntilPassesAsync(1, TimeSpan.FromMilliseconds(100));

        Assert.InRange((_clock.GetUtcNow() - began).TotalSeconds, bytes / 1000.0 * 0.9, double.MaxValue);
    }

    private int Passes => _logger.Lines.Count(line => line.StartsWith("All files were read", StringComparison.Ordinal));

    private DymesEngine Open(IFileSystem files, long bytesPerSecond = 1 << 30) => DymesEngine.Open(
        new EngineOptions { Store = StoredDataset.Options with { ScrubBytesPerSecond = bytesPerSecond, ScrubEvery = Every } }, files, _clock, _logger);

    // One may be under way, and past what was damaged.
    private async Task UntilPassesAsync(int count, TimeSpan? step = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (Passes < count)
        {
            _clock.Advance(step ?? Every);
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static List<(string What, long Count)> Measured()
    {
        var measured = new List<(string, long)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "scrub_damage_found")
                {
                    all.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => measured.Add(((string)tags[0].Value!, value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
