using Dymes.Common;
using Dymes.Testing;
using Dymes.Testing.Simulation;

namespace Dymes.Engine.Tests.Damaged;

/// <summary>
/// One bit of one file is wrong, anywhere. The log either says which file is damaged or gives the truth; it never gives a wrong message and never leaves one out in silence, but for the one
/// case in which it cannot know better: the last batch of a process that was killed may be one that was being written.
/// </summary>
public sealed class BitFlipTests
{
    private const int FlipsOfEach = 1_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flipped_bit_is_named_or_does_no_harm(bool isClosed)
    {
        var dataset = isClosed ? await StoredDataset.ClosedAsync() : await StoredDataset.KilledAsync();
        Assert.Empty(StoredDataset.Check(dataset.Copy()).Faults);
        var outcomes = new Dictionary<string, int>();
        foreach (var (path, bit) in Flips(dataset))
        {
            var outcome = await OutcomeOfAsync(dataset, path, bit);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        // All of this is seen, or the flips miss what they are meant to hit.
        Assert.Superset(new HashSet<string> { "refused to open", "whole", "messages damaged", "index made again" }, outcomes.Keys.ToHashSet());
        Assert.Equal(!isClosed, outcomes.ContainsKey("last batch cut"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_check_finds_every_flipped_bit_of_every_file(bool isClosed)
    {
        var dataset = isClosed ? await StoredDataset.ClosedAsync() : await StoredDataset.KilledAsync();
        foreach (var (path, bit) in Flips(dataset))
        {
            var files = dataset.Copy();
            files.FlipBit(path, bit);
            var faults = StoredDataset.Check(files).Faults;
            Assert.True(faults.Any(fault => fault.Path == path), $"bit {bit} (byte {bit / 8}) of {path} is wrong, and the check said {string.Join("; ", faults)}");
        }
    }

    // Evenly over the files, evenly within each, and as often within the bytes before the zeros that are written ahead.
    private static IEnumerable<(string Path, long Bit)> Flips(StoredDataset dataset)
    {
        var random = new Random(dataset.IsClosed ? 1 : 2);
        var files = dataset.Copy();
        var sizes = dataset.Paths.Select(path => (Path: path, Bytes: files.ReadAll(path))).ToArray();
        for (var i = 0; i < FlipsOfEach; i++)
        {
            var (path, bytes) = sizes[random.Next(sizes.Length)];
            var used = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            yield return (path, random.NextInt64(8L * (random.Next(2) == 0 ? bytes.Length : used)));
        }
    }

    private static async Task<string> OutcomeOfAsync(StoredDataset dataset, string path, long bit)
    {
        var files = dataset.Copy();
        var original = files.ReadAll(path);
        files.FlipBit(path, bit);
        var flipped = files.ReadAll(path);
        var logger = new CollectingLogger();
        DymesEngine engine;
        try
        {
            engine = StoredDataset.Open(files, logger);
        }
        catch (DymesException refusal)
        {
            Assert.Contains(refusal.Code, new[] { ErrorCode.StorageDamaged, ErrorCode.ForeignFile });
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            return "refused to open";
        }

        var kept = (int)(await engine.GetStatusAsync()).NextLsn.Value;
        var refusals = await new Questions([.. dataset.Frames.Take(kept)]).AskAsync(engine, path.EndsWith(".msg", StringComparison.Ordinal) ? path : null);
        var receipt = (await engine.AppendAsync(MessageDraft.Request(new MessageDraft("life goes on")))).First;
        Assert.Equal((ulong)kept, receipt.Lsn.Value);
        await engine.DisposeAsync();
        if (kept < dataset.Frames.Count)
        {
            Assert.False(dataset.IsClosed);
            Assert.Equal(dataset.LastBatch.Value, (ulong)kept);
            Assert.Contains(logger.Complaints, line => line.Contains(path, StringComparison.Ordinal) && line.Contains("T3 torn last batch", StringComparison.Ordinal));
            return "last batch cut";
        }

        if (path.EndsWith(".idx", StringComparison.Ordinal))
        {
            return await OutcomeOfIndexAsync(files, path, original, flipped);
        }

        return refusals > 0 ? "messages damaged" : "whole";
    }

    // A section that no query needed stays as it is until somebody needs it, or a check finds it.
    private static async Task<string> OutcomeOfIndexAsync(SimulatedFileSystem files, string path, byte[] original, byte[] flipped)
    {
        var found = files.ReadAll(path);
        if (found.AsSpan().SequenceEqual(flipped))
        {
            StoredDataset.Repair(files);
            await StoredDataset.Open(files).DisposeAsync();
            found = files.ReadAll(path);
        }

        Assert.True(found.AsSpan().SequenceEqual(original), $"{path} is made again as it was");
        return "index made again";
    }
}
